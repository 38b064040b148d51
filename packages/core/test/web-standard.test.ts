import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;

test("core imports ky, valibot and its own files only", async () => {
  const files = await readdir(SOURCE, { recursive: true });
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(15);
  const foreign: string[] = [];
  for (const file of sources) {
    for (const [, specifier = ""] of (await readFile(`${SOURCE}/${file}`, "utf8")).matchAll(
      IMPORT,
    )) {
      if (!/^(?:ky|valibot|\.\.?\/[\w./-]+\.ts)$/.test(specifier))
        foreign.push(`${file}: ${specifier}`);
    }
  }
  expect(foreign).toEqual([]);
});
