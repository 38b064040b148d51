import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const WORKERS = join(import.meta.dirname, "..", "workers");

/** What a piece of code weighs when it is shipped. */
export interface Weight {
  /** Minified. */
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Bundles one of the Workers beside this package's sources as Wrangler would, minified. */
export async function bundleWorker(name: string): Promise<Uint8Array> {
  return bundle({ entryPoints: [join(WORKERS, `${name}.js`)] });
}

/** Bundles a few lines of code that are in no file, with what they import. */
export async function bundleLines(contents: string): Promise<Uint8Array> {
  return bundle({ stdin: { contents, resolveDir: WORKERS } });
}

async function bundle(
  entry: Pick<Parameters<typeof build>[0], "entryPoints" | "stdin">,
): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...entry,
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
