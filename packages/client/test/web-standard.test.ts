import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;
const ALLOWED = /: (?:valibot|standardwebhooks|@convai-secrets\/[\w/]+|\.\/[\w-]+\.ts)$/;

describe("Web-standard APIs", () => {
  test("the client imports only its dependencies and its own files", async () => {
    const entries = await readdir(join(root, "src"));
    const files = entries.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
    expect(files.length).toBeGreaterThan(10);
    const imports = await Promise.all(files.map(listImports));
    expect(imports.flat().filter((line) => !ALLOWED.test(line))).toEqual([]);
  });

  test("standardwebhooks and its dependencies import nothing of Node", async () => {
    const require = createRequire(import.meta.url);
    const entry = require.resolve("standardwebhooks");
    const base = createRequire(entry);
    const files = [
      entry,
      base.resolve("./timing_safe_equal"),
      base.resolve("@stablelib/base64"),
      base.resolve("fast-sha256"),
    ];
    for (const file of files) {
      const text = await readFile(file, "utf8");
      const imports = [...text.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name);
      const known = ["@stablelib/base64", "fast-sha256", "./timing_safe_equal"];
      expect(imports.filter((name) => !known.includes(name ?? ""))).toEqual([]);
    }
  });

  test("the client type-checks without the types of any runtime", async () => {
    const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
    const tsc = join(dirname(manifest), "bin", "tsc");
    const args = [tsc, "-p", join(root, "tsconfig.json"), "--noEmit", "--types", ""];
    const run = promisify(execFile)(process.execPath, args);
    await expect(run.catch((error) => error.stdout || error)).resolves.toEqual({
      stdout: "",
      stderr: "",
    });
  }, 60_000);
});

async function listImports(file: string): Promise<string[]> {
  const text = await readFile(join(root, "src", file), "utf8");
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => `${file}: ${specifier}`);
}
