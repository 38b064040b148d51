import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { beforeAll, describe, expect, test } from "vitest";
import {
  LIBRARIES,
  type Manifest,
  PUBLISHED,
  type PublishedFolder,
  packageName,
  ROOT_FOLDER,
  readManifest,
} from "../src/published-packages.ts";
import { project, tarballs } from "./support/install.ts";

const findInstalled = (name: PublishedFolder) => join(project, "node_modules", packageName(name));

describe.each(PUBLISHED)("the published package %s", (name) => {
  const installed = findInstalled(name);
  let manifest: Manifest;
  let files: string[];
  beforeAll(async () => {
    manifest = await readManifest(installed);
    const entries = await readdir(installed, { recursive: true, withFileTypes: true });
    files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  });

  test("the package is ESM for Node 20 and later, and is published with provenance", () => {
    expect(manifest).toMatchObject({
      type: "module",
      license: "MIT",
      engines: { node: ">=20" },
      publishConfig: { access: "public", provenance: true },
      repository: { directory: `packages/${name}` },
    });
    expect(manifest.private).toBeUndefined();
  });

  test("the package contains its readme, its license and its sources, and no file that only tests need", async () => {
    expect(files).toEqual(expect.arrayContaining(["README.md", "package.json"]));
    const license = await readFile(join(installed, "LICENSE"), "utf8");
    expect(license).toBe(await readFile(join(ROOT_FOLDER, "LICENSE"), "utf8"));
    const stray = files.filter((file) => !/^(?:dist|src|bin)\/|^[\w.]+$/.test(file));
    expect(stray).toEqual([]);
    expect(files.filter((file) => /\.test\.|tsconfig|tsbuildinfo|api-report/.test(file))).toEqual(
      [],
    );
  });

  test("the package has source maps of its code and its types that lead to a source in the package", async () => {
    const maps = files.filter((file) => file.endsWith(".map"));
    const code = files.filter((file) => /^dist\/.*\.(?:js|d\.ts)$/.test(file));
    expect(maps.sort()).toEqual(code.map((file) => `${file}.map`).sort());
    for (const map of maps) {
      const { sources } = JSON.parse(await readFile(join(installed, map), "utf8"));
      // core's file for Node.js is made of all its modules.
      if (!map.startsWith("dist/node/")) expect(sources).toHaveLength(1);
      expect(sources).not.toEqual([]);
      for (const source of sources) {
        expect(existsSync(join(installed, dirname(map), source)), source).toBe(true);
      }
    }
  });

  test("the package passes publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

describe.each(LIBRARIES)("the published library %s", (name) => {
  test("the library has no side effects", async () => {
    expect(await readManifest(findInstalled(name))).toMatchObject({ sideEffects: false });
  });

  test("the library has declarations that name only files that exist", async () => {
    const folder = join(findInstalled(name), "dist");
    const entries = await readdir(folder, { recursive: true });
    const declarations = entries.filter((file) => file.endsWith(".d.ts"));
    const missing: string[] = [];
    for (const file of declarations) {
      const text = await readFile(join(folder, file), "utf8");
      for (const [, path = ""] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)) {
        // TypeScript rewrites ".ts" in code and leaves it in declarations.
        const target = join(folder, dirname(file), path.replace(/\.[jt]s$/, ".d.ts"));
        if (!existsSync(target)) missing.push(`${file}: ${path}`);
      }
    }
    expect(declarations.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  test("the library has the right types for every resolution of ES modules", async () => {
    const tarball = await readFile(tarballs[name] ?? "");
    const result = await checkPackage(createPackageFromTarballData(tarball));
    expect(result).toMatchObject({ types: { kind: "included" } });
    const problems = "problems" in result ? result.problems : [];
    // The package is ESM only: require() from TypeScript and the resolution of Node 10 do not apply.
    const applying = problems.filter(
      (problem) => !("resolutionKind" in problem && /^node10$|-cjs$/.test(problem.resolutionKind)),
    );
    expect(applying).toEqual([]);
  });
});
