import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A package's manifest, as far as it is looked at here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly repository?: { readonly url: string; readonly directory: string };
  readonly publishConfig?: Readonly<Record<string, unknown>>;
}

/** Those that are published, each before the ones that depend on it. */
export const PUBLISHED = ["core", "policy", "sender"] as const;

/** The folder of a workspace under `packages/`. */
export function packageFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** Reads the manifest of a folder. */
export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
}
