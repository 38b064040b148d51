import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTestSender } from "@convai-secrets/testing";
import { generate } from "orval";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT_FOLDER, WORKER_FOLDER } from "../support/folders.ts";
import { startStack } from "../support/start-stack.ts";

const CLIENT = join(WORKER_FOLDER, "dist/client");
const sender = await createTestSender("ci", { names: ["CI_*"] });
const { url, upstream, stop } = await startStack({ senders: [sender] });

/** A program on the generated client. It reads every answer by its status, as the types ask. */
const PROGRAM = `
import { createSecret, listDeliveries } from "./client.js";

export async function run(authorization: string): Promise<string> {
  const options = { headers: { authorization } };
  const secret = { type: "new", name: "CI_TOKEN", value: "v" } as const;
  const created = await createSecret(secret, { "idempotency-key": "program-1" }, options);
  if (created.status === 401) return created.data.code;
  if (created.status !== 200) return created.data.detail;
  const listed = await listDeliveries({ limit: 1 }, options);
  if (listed.status !== 200) return listed.data.title;
  const id: string | null | undefined = listed.data.deliveries[0]?.secret_id;
  return id === created.data.secret_id ? id : "";
}
`;

/** The client comes from the document that the Worker serves. */
beforeAll(async () => {
  await rm(CLIENT, { recursive: true, force: true });
  const response = await fetch(`${url}/openapi.json`);
  await generate({
    input: { target: (await response.json()) as Record<string, unknown> },
    output: {
      target: join(CLIENT, "client.ts"),
      client: "fetch",
      headers: true,
      baseUrl: url,
    },
  });
  await writeFile(join(CLIENT, "program.ts"), PROGRAM);
});

afterAll(async () => {
  await stop();
});

test("a client that orval generates from the document stores a secret through the Worker", async () => {
  const { run }: { run: (authorization: string) => Promise<string> } = await import(
    /* @vite-ignore */ join(CLIENT, "program.ts")
  );
  const id = await run(`Bearer ${sender.token}`);
  expect(upstream.secrets()).toMatchObject([{ secret_id: id, name: "CI_TOKEN" }]);
  expect(await run(`Bearer cs_${"B".repeat(43)}`)).toBe("unauthenticated");
});

test("the generated client and a program that reads every answer by its status compile", async () => {
  expect(await check("program.ts")).toBe("");
});

test("the types of the generated client reject what the Worker rejects", async () => {
  const wrong = PROGRAM.replace('type: "new"', 'type: "old"');
  await writeFile(join(CLIENT, "wrong.ts"), wrong);
  expect(await check("wrong.ts")).toContain(`'"old"' is not assignable to type '"new"'`);
});

/** What the compiler has to say of a file beside the client. */
async function check(file: string): Promise<string> {
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "nodenext",
  ];
  const tsc = join(ROOT_FOLDER, "node_modules/.bin/tsc");
  const compiling = promisify(execFile)(tsc, [...options, "--types", "node", file], {
    cwd: CLIENT,
  });
  return compiling.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}
