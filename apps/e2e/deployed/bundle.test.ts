import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { searchFiles, searchFor } from "@convai-secrets/testing";
import { expect, onTestFinished, test } from "vitest";
import { ROOT_FOLDER, WORKER_FOLDER } from "../support/folders.ts";

test("a build with secrets in its environment contains and prints no secret", async () => {
  const folder = await mkdtemp(join(tmpdir(), "canary-build-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const canaries = {
    ELEVENLABS_API_KEY: `canary-key-${randomBytes(12).toString("hex")}`,
    SENDERS: JSON.stringify([{ id: `canary-${randomBytes(12).toString("hex")}` }]),
    CLOUDFLARE_API_TOKEN: `canary-token-${randomBytes(12).toString("hex")}`,
  };
  const search = searchFor(canaries);
  const { stdout, stderr } = await promisify(execFile)(
    join(ROOT_FOLDER, "node_modules/.bin/wrangler"),
    ["deploy", "--dry-run", "--env=", `--outdir=${folder}`],
    {
      cwd: WORKER_FOLDER,
      env: {
        ...process.env,
        ...canaries,
        WRANGLER_SEND_METRICS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_LOG_PATH: join(folder, "logs"),
      },
    },
  );
  expect(search(stdout + stderr)).toEqual([]);
  expect(await searchFiles(search, folder)).toEqual({});
});

test("the bundle and its source map contain only sources of this repository and its dependencies", async () => {
  const dist = join(WORKER_FOLDER, "dist");
  const maps = (await readdir(dist)).filter((name) => name === "index.js.map");
  expect(maps).toHaveLength(1);
  const { sources } = JSON.parse(await readFile(join(dist, "index.js.map"), "utf8")) as {
    sources: string[];
  };
  const own = /^(\.\.\/)+(src|openapi|packages\/(core|protocol)|node_modules\/(jose|ky|valibot))\//;
  expect(sources.filter((source) => !own.test(source))).toEqual([]);
  // Nothing that says where it was built.
  for (const name of ["index.js", "index.js.map"]) {
    expect(await readFile(join(dist, name), "utf8")).not.toContain(ROOT_FOLDER);
  }
});
