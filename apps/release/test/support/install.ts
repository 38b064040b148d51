import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { PUBLISHED, packageName } from "../../src/published-packages.ts";
import { runNpm } from "./npm.ts";
import { packAll } from "./pack.ts";
import { serveRegistry } from "./serve-registry.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A project that has installed the published packages. */
    readonly project: string;
    /** The tarballs by the folder of the package. */
    readonly tarballs: Readonly<Record<string, string>>;
  }
}

/** Packs and installs the packages once for all tests, from a registry on this machine. */
export default async function install({ provide }: TestProject): Promise<() => Promise<void>> {
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
  provide("project", project);
  const tarballs = packages.flatMap(({ manifest, tarball }) => {
    const name = PUBLISHED.find((one) => manifest.name === packageName(one));
    return name === undefined ? [] : [[name, tarball]];
  });
  provide("tarballs", Object.fromEntries(tarballs));
  return () => rm(folder, { recursive: true });
}
