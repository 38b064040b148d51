import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { beforeAll, describe, expect, inject, test } from "vitest";
import {
  type Manifest,
  PUBLISHED,
  packageFolder,
  readManifest,
} from "../src/published-packages.ts";

const ROOT = packageFolder("..");
const project = inject("project");
const tarballs = inject("tarballs");

describe.each(PUBLISHED)("the published package %s", (name) => {
  const installed = join(project, "node_modules/@convai-secrets", name);
  let manifest: Manifest;
  let files: string[];
  beforeAll(async () => {
    manifest = await readManifest(installed);
    const entries = await readdir(installed, { recursive: true, withFileTypes: true });
    files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  });

  test("is ESM without side effects, for Node 20 on, to be published with provenance", () => {
    expect(manifest).toMatchObject({
      type: "module",
      sideEffects: false,
      license: "MIT",
      engines: { node: ">=20" },
      publishConfig: { access: "public", provenance: true },
      repository: { directory: `packages/${name}` },
    });
    expect(manifest.private).toBeUndefined();
  });

  test("has its readme, its license and its sources, and nothing that only tests need", async () => {
    expect(files).toEqual(expect.arrayContaining(["README.md", "package.json", "src/index.ts"]));
    const license = await readFile(join(installed, "LICENSE"), "utf8");
    expect(license).toBe(await readFile(join(ROOT, "LICENSE"), "utf8"));
    const stray = files.filter((file) => !/^(?:dist|src|bin)\/|^[\w.]+$/.test(file));
    expect(stray).toEqual([]);
    expect(files.filter((file) => /\.test\.|tsconfig|tsbuildinfo|api-report/.test(file))).toEqual(
      [],
    );
  });

  test("leads from every line of its code and its types to a source it brings", async () => {
    const maps = files.filter((file) => file.endsWith(".map"));
    const code = files.filter((file) => /^dist\/.*\.(?:js|d\.ts)$/.test(file));
    expect(maps.sort()).toEqual(code.map((file) => `${file}.map`).sort());
    for (const map of maps) {
      const { sources } = JSON.parse(await readFile(join(installed, map), "utf8"));
      expect(sources).toHaveLength(1);
      expect(existsSync(join(installed, dirname(map), sources[0]))).toBe(true);
    }
  });

  test("is clean to publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("has the right types for every resolution that finds ESM", async () => {
    const tarball = await readFile(tarballs[name] ?? "");
    const result = await checkPackage(createPackageFromTarballData(tarball));
    expect(result).toMatchObject({ types: { kind: "included" } });
    const problems = "problems" in result ? result.problems : [];
    // ESM alone: require() in TypeScript for Node 16, and Node 10's resolution, do not apply.
    const applying = problems.filter(
      (problem) => !("resolutionKind" in problem && /^node10$|-cjs$/.test(problem.resolutionKind)),
    );
    expect(applying).toEqual([]);
  });
});
