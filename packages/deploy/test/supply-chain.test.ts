import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const WORKFLOWS = join(ROOT, ".github/workflows");

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { link?: boolean; integrity?: string; resolved?: string; hasInstallScript?: boolean }
    >
  >;
}

const readJson = async <T>(path: string) =>
  JSON.parse(await readFile(join(ROOT, path), "utf8")) as T;
const { packages } = await readJson<Lockfile>("package-lock.json");
const { allowScripts } = await readJson<{ allowScripts: Record<string, boolean> }>("package.json");

const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link,
);

test("no package runs an install script but those on the list, and all of those do", () => {
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripted.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13));
  expect([...new Set(names)].sort()).toEqual(Object.keys(allowScripts).sort());
});

test("every package of the lockfile is pinned by the hash of its content", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
});

test("the lockfile names no registry: whoever installs chooses it", () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

describe.each(await readdir(WORKFLOWS))("the workflow %s", async (file) => {
  const lines = (await readFile(join(WORKFLOWS, file), "utf8")).split("\n");

  test("has no permission that a job does not ask for", () => {
    expect(lines).toContain("permissions: {}");
  });

  test("pins every action to a commit and says which version that is", () => {
    const uses = lines.filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    const unpinned = uses.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v/.test(line));
    expect(unpinned).toEqual([]);
  });

  test("leaves no credential of the repository behind for the scripts it runs", () => {
    const checkouts = lines.filter((line) => line.includes("actions/checkout@")).length;
    const dropped = lines.filter((line) => line.includes("persist-credentials: false")).length;
    expect(dropped).toBe(checkouts);
  });
});
