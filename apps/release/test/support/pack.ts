import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, PUBLISHED, packageFolder } from "../../src/published-packages.ts";
import { runNpm } from "./npm.ts";

/** A package as a registry serves it. */
export interface PackedPackage {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly integrity: string;
}

/**
 * Packs the published packages and all of their dependencies, from the node_modules of this
 * repository, so that the installation needs no other registry.
 *
 * @param folder where the tarballs go
 */
export async function packAll(folder: string): Promise<PackedPackage[]> {
  const folders = new Set<string>();
  for (const name of PUBLISHED) collect(packageFolder(name), folders);
  const args = ["pack", "--json", "--pack-destination", folder, ...folders];
  const output = JSON.parse(await runNpm(folder, args));
  const packed: readonly { filename: string; integrity: string; name: string; version: string }[] =
    Array.isArray(output) ? output : Object.values(output);
  const manifests = [...folders].map(read);
  return packed.map(({ filename, integrity, name, version }) => {
    const manifest = manifests.find((one) => one.name === name && one.version === version);
    if (manifest === undefined) throw new Error(`${name} was packed unexpectedly`);
    return { manifest, tarball: join(folder, filename), integrity };
  });
}

function collect(folder: string, folders: Set<string>): void {
  if (folders.has(folder)) return;
  folders.add(folder);
  for (const name of Object.keys(read(folder).dependencies ?? {})) {
    collect(findDependency(folder, name), folders);
  }
}

/** Finds a dependency as Node does: in the node_modules of the folder, then of each parent. */
function findDependency(folder: string, name: string): string {
  for (let above = folder; above !== dirname(above); above = dirname(above)) {
    try {
      return realpathSync(join(above, "node_modules", name));
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not installed`);
}

function read(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
