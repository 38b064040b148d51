import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const PACKAGE = join(import.meta.dirname, "..");

/** The size of a bundle. */
export interface Weight {
  /** Minified. */
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Bundles and minifies one of the Workers of this package, as Wrangler does. */
export function bundleWorker(name: string): Promise<Uint8Array> {
  return bundle(join(PACKAGE, "workers", `${name}.js`));
}

/** Bundles and minifies one of the libraries of this package. */
export function bundleLibrary(name: string): Promise<Uint8Array> {
  return bundle(join(PACKAGE, "libraries", `${name}.js`));
}

async function bundle(path: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    // The built Worker is a module of its own, put beside.
    external: ["./worker.js", "cloudflare:*", "node:*"],
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild gave no bundle");
  return file.contents;
}

export function weigh(code: Uint8Array): Weight {
  return { bytes: code.byteLength, gzipBytes: gzipSync(code, { level: 9 }).byteLength };
}
