import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
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

test("a package with an install script that is not on the list fails the installation", async () => {
  const npmrc = (await readFile(join(ROOT, ".npmrc"), "utf8")).split("\n");
  expect(npmrc).toContain("strict-allow-scripts=true");
});

test("the bill of materials names every package that is installed", async () => {
  const sbom = promisify(execFile)("npm", ["sbom", "--sbom-format", "cyclonedx"], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  const { components } = JSON.parse((await sbom).stdout) as { components: { name: string }[] };
  const named = new Set(components.map(({ name }) => name));
  const wanted = ["ky", "valibot", "wrangler", "workerd"];
  expect(wanted.filter((name) => !named.has(name))).toEqual([]);
  expect(components.length).toBeGreaterThan(100);
}, 60_000);

test("every package of the lockfile is pinned by the hash of its content", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
});

test("the lockfile names no registry: whoever installs chooses it", () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

/** What the jobs of each workflow may do; whatever else GitHub grants by default they may not. */
const GRANTED: Readonly<Record<string, readonly string[]>> = {
  "ci.yml": ["contents: read"],
  // A pull request that raises versions; tags and releases; the proof to npm of who publishes.
  "release.yml": ["contents: read", "contents: write", "id-token: write", "pull-requests: write"],
};

describe.each(await readdir(WORKFLOWS))("the workflow %s", async (file) => {
  const lines = (await readFile(join(WORKFLOWS, file), "utf8")).split("\n");

  test("has no permission but those its jobs are known to need", () => {
    expect(lines).toContain("permissions: {}");
    const granted = lines.flatMap(
      (line) => /^ +([\w-]+: (?:read|write))(?: #.*)?$/.exec(line)?.[1] ?? [],
    );
    expect([...new Set(granted)].sort()).toEqual(GRANTED[file]);
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
