import { readFile, writeFile } from "node:fs/promises";
import { argv, cwd } from "node:process";
import { document } from "./document.ts";

/** Writes src/openapi.json, or with `--check` fails if that is not what would be written. */
const path = `${cwd()}/src/openapi.json`;
const text = `${JSON.stringify(document, null, 2)}\n`;

if (!argv.includes("--check")) {
  await writeFile(path, text);
} else if ((await readFile(path, "utf8")) !== text) {
  throw new Error("src/openapi.json is out of date: npm run generate -w @convai-secrets/worker");
}
