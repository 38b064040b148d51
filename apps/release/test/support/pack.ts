import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, PUBLISHED, packageFolder } from "../../src/published-packages.ts";
import { runNpm } from "./npm.ts";

/** A package as a registry would have it. */
export interface PackedPackage {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly integrity: string;
}

/**
 * Packs what is published and, so that no registry is needed to install it, everything it depends
 * on, from the node_modules of this repository.
 *
 * @param folder where the tarballs go
 */
export async function packAll(folder: string): Promise<PackedPackage[]> {
  const folders = new Set<string>();
  for (const name of PUBLISHED) collect(packageFolder(name), folders);
  const args = ["pack", "--json", "--pack-destination", folder, ...folders];
  const told = JSON.parse(await runNpm(folder, args));
  const packed: readonly { filename: string; integrity: string; name: string; version: string }[] =
    Array.isArray(told) ? told : Object.values(told);
  const manifests = [...folders].map(read);
  return packed.map(({ filename, integrity, name, version }) => {
    const manifest = manifests.find((one) => one.name === name && one.version === version);
    if (manifest === undefined) throw new Error(`${name} was packed, and nobody asked for it`);
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

/** As Node looks for it: in the node_modules of the folder, and of each above. */
function findDependency(folder: string, name: string): string {
  for (let above = folder; above !== dirname(above); above = dirname(above)) {
    try {
      return realpathSync(join(above, "node_modules", name));
    } catch {
      // Not here.
    }
  }
  throw new Error(`${name} is not installed`);
}

function read(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
