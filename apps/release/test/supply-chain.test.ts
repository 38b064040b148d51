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

test("only the listed packages have an install script", () => {
  const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripted.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13));
  expect([...new Set(names)].sort()).toEqual(Object.keys(allowScripts).sort());
});

test("an unlisted package with an install script fails the installation", async () => {
  const npmrc = (await readFile(join(ROOT, ".npmrc"), "utf8")).split("\n");
  expect(npmrc).toContain("strict-allow-scripts=true");
});

test("the bill of materials lists the installed packages", async () => {
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

test("every package of the lockfile is pinned by a SHA-512 hash", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
});

test("the lockfile names no registry, so that npm uses the configured one", () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

/** The permissions of the jobs of each workflow. The permissions that GitHub grants by default are removed. */
const GRANTED: Readonly<Record<string, readonly string[]>> = {
  "ci.yml": ["contents: read"],
  // CI for the pull request that raises versions; the pull request; tags and releases; the identity
  // that npm checks.
  "release.yml": [
    "actions: write",
    "contents: read",
    "contents: write",
    "id-token: write",
    "pull-requests: write",
  ],
};

describe.each(await readdir(WORKFLOWS))("the workflow %s", async (file) => {
  const lines = (await readFile(join(WORKFLOWS, file), "utf8")).split("\n");

  test("has only the permissions that its jobs need", () => {
    expect(lines).toContain("permissions: {}");
    const granted = lines.flatMap(
      (line) => /^ +([\w-]+: (?:read|write))(?: #.*)?$/.exec(line)?.[1] ?? [],
    );
    expect([...new Set(granted)].sort()).toEqual(GRANTED[file]);
  });

  test("pins every action to a commit and names its version", () => {
    const uses = lines.filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    const unpinned = uses.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v/.test(line));
    expect(unpinned).toEqual([]);
  });

  test("leaves no credential of the repository for the scripts that it runs", () => {
    const checkouts = lines.filter((line) => line.includes("actions/checkout@")).length;
    const dropped = lines.filter((line) => line.includes("persist-credentials: false")).length;
    expect(dropped).toBe(checkouts);
  });
});

test("the release workflow starts CI for the pull request that raises the versions", async () => {
  const [ci, release] = await Promise.all(
    ["ci.yml", "release.yml"].map((file) => readFile(join(WORKFLOWS, file), "utf8")),
  );
  expect(ci).toMatch(/^ {2}workflow_dispatch:$/m);
  const version = release?.slice(release.indexOf("\n  version:"), release.indexOf("\n  pack:"));
  expect(version).toContain("actions: write");
  expect(version).toMatch(
    /changesets\/action\/version@[\s\S]*gh workflow run ci\.yml --ref "changeset-release\//,
  );
});
