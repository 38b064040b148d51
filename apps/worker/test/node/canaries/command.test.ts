import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Fault } from "@convai-secrets/elevenlabs-local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_KEY, generateSender, type Rig, startRig } from "../rig.ts";
import { searchFor } from "./search.ts";

const COMMAND = join(import.meta.dirname, "../../../../../packages/sender/bin/convai-secrets.js");
const VALUE = `canary-${randomBytes(9).toString("hex")} "\\ é🔑 <&+/%>`;

let rig: Rig;
let search: ReturnType<typeof searchFor>;
beforeAll(async () => {
  rig = await startRig({ SETTLE_SECONDS: "60" });
  const { token, signingSecret } = rig;
  search = searchFor({ value: VALUE, key: API_KEY, token, signingSecret });
});
afterAll(() => rig.stop());

/** Runs the command for a while, and searches all that it says. */
async function run(args: readonly string[], credential: string, input = ""): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: {
      PATH: process.env["PATH"] ?? "",
      CONVAI_SECRETS_URL: rig.worker().url,
      CONVAI_SECRETS_KEY: credential,
      SOURCE: VALUE,
    },
    // Some failures are worth more patience to it than to a test.
    timeout: 4_000,
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const [stdout, stderr] = await said;
  expect(stdout + stderr, args.join(" ")).not.toBe("");
  expect(search(stdout + stderr), args.join(" ")).toEqual([]);
}

const FAULTS: Record<string, Fault | undefined> = {
  "is stored": undefined,
  "meets the 422 that echoes the body": { kind: "answer", status: 422 },
  "meets a refusal that quotes everything": {
    kind: "answer",
    status: 409,
    body: { detail: { status: VALUE, message: VALUE, request_id: VALUE, param: VALUE } },
  },
  "meets a refused key": { kind: "answer", status: 401, body: { detail: API_KEY } },
  "meets a failure that quotes everything": { kind: "answer", status: 500, body: VALUE },
  "loses its connection": { kind: "drop" },
};

/** Each way of telling who calls with one form of the output. */
describe.each([
  ["signed", []],
  ["with a token", ["--json"]],
] as const)("the command's output holds no canary: %s", (way, format) => {
  const credential = () => (way === "signed" ? rig.signingSecret : rig.token);

  test.concurrent.each(Object.entries(FAULTS))("a secret that %s", async (title, fault) => {
    const prefix = `${way}_${title}`.replace(/\W/g, "_").toUpperCase();
    if (fault !== undefined) {
      const times = Number.POSITIVE_INFINITY;
      rig.upstream.upstream.inject({ ...fault, name: `${prefix}*`, times });
    }
    const secrets = JSON.stringify({ [`${prefix}_B`]: VALUE });
    await Promise.all([
      run(["create", `${prefix}_A`, "--from-env", "SOURCE", ...format], credential()),
      run(["push", ...format], credential(), secrets),
    ]);
  });

  test("what is wrong with the call itself", async () => {
    const calls: [string[], string, string][] = [
      [["create", "A", VALUE], credential(), ""],
      [["create", "A", "--value", VALUE], credential(), ""],
      [["create", VALUE], credential(), ""],
      [["push"], credential(), `{"A": ${VALUE}`],
      [["push"], credential(), `A=${VALUE}\nB`],
      [["create", "A"], `${credential()}!`, VALUE],
      [["create", "A", "--id", credential()], credential(), VALUE],
    ];
    for (const [args, key, input] of calls) await run([...args, ...format], key, input);
  });

  test("the list of deliveries", async () => {
    await run(["deliveries", ...format], credential());
  });
});

test("a SENDERS document is checked without showing its credentials", async () => {
  const { sender } = generateSender("A");
  const broken = { ...sender, tokenHashes: [rig.token], [rig.signingSecret]: VALUE };
  for (const document of [[broken], [{ ...sender, id: VALUE }], VALUE]) {
    await run(["check-senders"], rig.token, JSON.stringify(document));
    await run(["check-senders"], rig.token, JSON.stringify(document).slice(0, -1));
  }
});
