import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

interface Manifest {
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
interface Lockfile {
  readonly packages: Readonly<
    Record<string, { integrity?: string; resolved?: string; hasInstallScript?: boolean }>
  >;
}

const read = async (file: string) =>
  JSON.parse(await readFile(new URL(`../toolchain/${file}`, import.meta.url), "utf8"));
const { optionalDependencies }: Manifest = await read("package.json");
const { packages }: Lockfile = await read("package-lock.json");
const { "": _, ...installed } = packages;

test("each runtime of the toolchain is pinned to an exact version and a SHA-512 hash", () => {
  const versions = Object.values(optionalDependencies);
  expect(versions.filter((version) => !/^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual(
    [],
  );
  const names = Object.keys(optionalDependencies).map((name) => `node_modules/${name}`);
  expect(Object.keys(installed).sort()).toEqual(names.sort());
  for (const { integrity } of Object.values(installed)) expect(integrity).toMatch(/^sha512-/);
});

test("the lockfile of the toolchain names no registry and no package with an install script", () => {
  for (const { resolved, hasInstallScript } of Object.values(installed)) {
    expect([resolved, hasInstallScript]).toEqual([undefined, undefined]);
  }
});
