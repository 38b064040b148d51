import { rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PUBLISHED, type PublishedFolder, packageName } from "../../src/published-packages.ts";
import { runNpm } from "./npm.ts";
import { packAll } from "./pack.ts";
import { serveRegistry } from "./serve-registry.ts";

/** What the checks need of the published packages. */
interface Installation {
  /** A project that has installed them. */
  readonly project: string;
  /** Their tarballs. */
  readonly tarballs: Readonly<Partial<Record<PublishedFolder, string>>>;
}

/** Packs and installs the packages, from a registry on this machine. */
async function install(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "release-test-"));
  const [packs, project] = [join(folder, "packs"), join(folder, "project")];
  await Promise.all([mkdir(packs), mkdir(project)]);
  const packages = await packAll(packs);
  const registry = await serveRegistry(packages);
  try {
    await writeFile(join(project, "package.json"), '{ "type": "module", "private": true }\n');
    const names = PUBLISHED.map(packageName);
    const from = ["--registry", registry.url, "--cache", join(folder, "cache")];
    await runNpm(project, ["install", ...names, ...from]);
  } finally {
    await registry.close();
  }
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const tarballs = packages.flatMap(({ manifest, tarball }) => {
    const name = PUBLISHED.find((one) => manifest.name === packageName(one));
    return name === undefined ? [] : [[name, tarball]];
  });
  return { project, tarballs: Object.fromEntries(tarballs) };
}

/** The one installation of a run: the tests' files are not isolated from each other. */
export const { project, tarballs } = await install();
