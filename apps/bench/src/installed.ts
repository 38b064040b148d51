import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { NODE_LIBRARIES } from "./imports.ts";

/** The size of a package on disk, with its dependencies. */
export interface Installed {
  readonly name: string;
  readonly bytes: number;
  readonly packages: number;
}

/** The command is installed, not imported. */
const COMMAND = { name: "the command", packages: ["convai-secrets"] } as const;

interface Manifest {
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Sums up the files of packages and of their dependencies, each counted once. */
export async function measureInstalled(): Promise<Installed[]> {
  return Promise.all(
    [...NODE_LIBRARIES, COMMAND].map(async ({ name, packages }) => {
      const folders = new Set<string>();
      for (const one of packages) await collect(one, import.meta.dirname, folders);
      const sizes = await Promise.all([...folders].map(sizeOfPackage));
      return { name, bytes: sum(sizes), packages: folders.size };
    }),
  );
}

async function collect(name: string, from: string, folders: Set<string>): Promise<void> {
  const folder = await findPackage(name, from);
  if (folders.has(folder)) return;
  folders.add(folder);
  const { dependencies = {} } = await readManifest(folder);
  for (const dependency of Object.keys(dependencies)) await collect(dependency, folder, folders);
}

/** Where Node would find it: in the nearest node_modules above. */
async function findPackage(name: string, from: string): Promise<string> {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (await stat(join(candidate, "package.json")).catch(() => undefined)) return candidate;
  }
  throw new Error(`${name} is not installed`);
}

/** Of a package of this repository, only what `files` names is published: no tests. */
async function sizeOfPackage(folder: string): Promise<number> {
  const { files } = await readManifest(folder);
  const isOurs =
    folder.includes(`${sep}@convai-secrets${sep}`) || folder.endsWith(`${sep}convai-secrets`);
  if (!isOurs) return sizeOf(folder);
  const published = [...(files ?? []), "package.json", "README.md"];
  return sum(await Promise.all(published.map((name) => sizeOf(join(folder, name)))));
}

async function sizeOf(path: string): Promise<number> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isDirectory()) return entry?.size ?? 0;
  const names = (await readdir(path)).filter(
    (name) => name !== "node_modules" && !name.endsWith(".test.ts"),
  );
  return sum(await Promise.all(names.map((name) => sizeOf(join(path, name)))));
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
