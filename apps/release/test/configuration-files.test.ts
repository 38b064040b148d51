import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT_FOLDER } from "../src/published-packages.ts";

const NAMES =
  /^(?:package\.json|tsconfig.*\.json|turbo\.json|vitest\.config\.ts|biome\.jsonc?|knip\.jsonc?|wrangler\.jsonc|\.npmrc|config\.json)$/;

test("the repository has at most 28 configuration files", async () => {
  const listing = promisify(execFile)("git", ["ls-files"], { cwd: ROOT_FOLDER });
  const files = (await listing).stdout.trim().split("\n");
  const configuration = files.filter((file) => NAMES.test(basename(file)));
  expect(configuration).toContain("package.json");
  expect(configuration.length, configuration.join("\n")).toBeLessThanOrEqual(28);
});
