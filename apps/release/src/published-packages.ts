import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** What the release checks read of a package's manifest. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly repository?: { readonly url: string; readonly directory: string };
  readonly publishConfig?: Readonly<Record<string, unknown>>;
}

/** The folders of the published packages, each before those that depend on it. */
export const PUBLISHED = ["core", "protocol", "client", "cli"] as const;

/** A folder of a published package. */
export type PublishedFolder = (typeof PUBLISHED)[number];

/** The folders of the published packages that are imported, not only run. */
export const LIBRARIES = ["core", "protocol", "client"] as const satisfies PublishedFolder[];

/** The root of the repository. */
export const ROOT_FOLDER = fileURLToPath(new URL("../../..", import.meta.url));

/** The folder of a package. */
export function packageFolder(name: PublishedFolder): string {
  return fileURLToPath(new URL(`../../../packages/${name}`, import.meta.url));
}

/** The name of a package on npm. */
export function packageName(name: PublishedFolder): string {
  return name === "cli" ? "convai-secrets" : `@convai-secrets/${name}`;
}

/** Reads the manifest of a folder. */
export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
}
