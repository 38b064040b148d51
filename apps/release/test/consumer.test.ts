import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { startWorkerd } from "@convai-secrets/testing";
import { beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { packageFolder, readManifest } from "../src/published-packages.ts";

const execute = promisify(execFile);
const project = inject("project");
const WORKER = join(packageFolder(".."), "apps/worker/dist/index.js");
const TSC = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));

/** TypeScript at its strictest, which reads our declarations too. */
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

/** The stand-in and the real Worker in front of it, until the test is over. */
async function startServers() {
  const apiKey = randomBytes(24).toString("base64url");
  const token = `cs_${randomBytes(32).toString("base64url")}`;
  const hash = createHash("sha256").update(token).digest("hex");
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [apiKey]: ["convai_write", "convai_read"] },
  });
  onTestFinished(() => upstream.close());
  const worker = await startWorkerd({
    script: WORKER,
    env: {
      ELEVENLABS_API_KEY: apiKey,
      ELEVENLABS_BASE_URL: upstream.url,
      SENDERS: JSON.stringify([{ id: "consumer", tokenHashes: [`sha256:${hash}`] }]),
    },
    durableObjects: { LEDGER: "Ledger" },
  });
  onTestFinished(() => worker.kill());
  return { upstream: upstream.url, apiKey, worker: worker.url, token };
}

describe("a project that installed the packages", () => {
  beforeAll(async () => {
    const program = new URL("consumer/program.ts", import.meta.url);
    await copyFile(program, join(project, "program.ts"));
  });

  test("compiles with moduleResolution bundler", async () => {
    expect(await compile({ module: "esnext", moduleResolution: "bundler" })).toBe("");
  });

  test("compiles with moduleResolution nodenext, and what comes out runs", async () => {
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
      refused: "invalid_request",
      undelivered: "invalid_request",
      senders: 0,
      matches: true,
    });
  });

  test("starts every command the packages bring", async () => {
    const { bin = {} } = await readManifest(join(project, "node_modules/@convai-secrets/client"));
    expect(Object.keys(bin)).toEqual(["convai-secrets"]);
    for (const command of Object.keys(bin)) {
      const path = join(project, "node_modules/.bin", command);
      const { stdout } = await execute(path, ["--help"], { cwd: project });
      expect(stdout).toContain(`Usage: ${command}`);
    }
  });
});
