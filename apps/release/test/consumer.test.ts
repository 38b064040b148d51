import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startTestStack } from "@convai-secrets/testing";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { packageName, readManifest } from "../src/published-packages.ts";
import type { Setting } from "./consumer/program.ts";
import { project } from "./support/install.ts";

const execute = promisify(execFile);
const TSC = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));

/** Strict options, which check the declarations of the packages as well. */
const COMPILER_OPTIONS = {
  target: "es2022",
  lib: ["es2024", "dom", "dom.iterable"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  verbatimModuleSyntax: true,
  types: [],
  outDir: "out",
};

async function compile(options: Record<string, string>): Promise<string> {
  const compilerOptions = { ...COMPILER_OPTIONS, ...options };
  const config = JSON.stringify({ compilerOptions, files: ["program.ts"] });
  await writeFile(join(project, "tsconfig.json"), config);
  const run = execute(process.execPath, [TSC, "-p", "."], { cwd: project });
  return run.then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

/** Starts the Worker and the local upstream until the test is finished. */
async function startServers(): Promise<Setting> {
  const stack = await startTestStack();
  onTestFinished(stack.stop);
  const { url: worker, upstreamUrl: upstream, apiKey } = stack;
  return { upstream, apiKey, worker, token: stack.sender.token };
}

describe("a project with the published packages", () => {
  beforeAll(async () => {
    const program = new URL("consumer/program.ts", import.meta.url);
    await copyFile(program, join(project, "program.ts"));
  });

  test("compiles with moduleResolution bundler", async () => {
    expect(await compile({ module: "esnext", moduleResolution: "bundler" })).toBe("");
  });

  test("compiles with moduleResolution nodenext, and the result runs", async () => {
    expect(await compile({ module: "nodenext", moduleResolution: "nodenext" })).toBe("");
    const launcher = `import { run } from "./out/program.js";
      console.log(JSON.stringify(await run(JSON.parse(process.env.SETTING))));`;
    const args = ["--input-type=module", "--eval", launcher];
    const env = { SETTING: JSON.stringify(await startServers()) };
    const { stdout } = await execute(process.execPath, args, { cwd: project, env });
    expect(JSON.parse(stdout)).toEqual({
      created: "DIRECT",
      delivered: "DELIVERED",
      names: ["DELIVERED", "DIRECT"],
      states: ["stored"],
      rejected: "invalid_request",
      undelivered: "invalid_request",
      senders: 0,
      matches: true,
    });
  });

  test("runs the command convai-secrets", async () => {
    const folder = join(project, "node_modules", packageName("cli"));
    const { bin = {} } = await readManifest(folder);
    expect(Object.keys(bin)).toEqual(["convai-secrets"]);
    const path = join(project, "node_modules/.bin/convai-secrets");
    const { stdout } = await execute(path, ["--help"], { cwd: project });
    expect(stdout).toContain("Usage: convai-secrets");
  });
});
