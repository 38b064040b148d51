import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;

async function readSources(): Promise<[string, string][]> {
  const files = (await readdir(join(root, "src"))).filter((file) => !file.endsWith(".test.ts"));
  return Promise.all(
    files.map(
      async (file): Promise<[string, string]> => [
        file,
        await readFile(join(root, "src", file), "utf8"),
      ],
    ),
  );
}

describe("the package needs Web-standard APIs alone", () => {
  test("it imports ky, valibot and its own files", async () => {
    const sources = await readSources();
    expect(sources.length).toBeGreaterThan(10);
    const foreign = sources.flatMap(([file, text]) =>
      [...text.matchAll(IMPORT)]
        .map(([, specifier = ""]) => `${file}: ${specifier}`)
        .filter((line) => !/: (?:ky|valibot|\.\/[\w-]+\.js)$/.test(line)),
    );
    expect(foreign).toEqual([]);
  });

  test("it type-checks without the types of any runtime", async () => {
    const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
    const tsc = join(dirname(manifest), "bin", "tsc");
    const args = [tsc, "-p", join(root, "tsconfig.build.json"), "--noEmit", "--types", ""];
    const run = promisify(execFile)(process.execPath, args);
    await expect(run.catch((error) => error.stdout || error)).resolves.toEqual({
      stdout: "",
      stderr: "",
    });
  }, 60_000);
});
