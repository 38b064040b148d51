import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Fault } from "@convai-secrets/elevenlabs-local";
import { searchFor } from "@convai-secrets/testing";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT_FOLDER } from "../support/folders.ts";
import { startStack } from "../support/start-stack.ts";

const COMMAND = join(ROOT_FOLDER, "packages/cli/bin/convai-secrets.js");

const VALUE = `canary-${randomBytes(9).toString("hex")} "\\ é🔑 <&+/%>`;

const stack = await startStack({ env: { SETTLE_SECONDS: "60" } });
const { token, signingSecret } = stack.sender;
const search = searchFor({
  value: VALUE,
  key: stack.apiKey,
  ledgerKey: stack.ledgerKey,
  token,
  signingSecret,
});
afterAll(stack.stop);

/** Runs the command for a while, and searches all that it says. */
async function run(args: readonly string[], credential: string, input = ""): Promise<void> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: {
      PATH: process.env["PATH"] ?? "",
      CONVAI_SECRETS_URL: stack.url,
      [credential.startsWith("whsec_") ? "CONVAI_SECRETS_SIGNING_SECRET" : "CONVAI_SECRETS_TOKEN"]:
        credential,
      SOURCE: VALUE,
    },
    // Some failures are worth more patience to it than to a test.
    timeout: 10_000,
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
  "meets a rejection that quotes everything": {
    kind: "answer",
    status: 409,
    body: { detail: { status: VALUE, message: VALUE, request_id: VALUE, param: VALUE } },
  },
  "meets a rejected API key": { kind: "answer", status: 401, body: { detail: stack.apiKey } },
  "meets a failure that quotes everything": { kind: "answer", status: 500, body: VALUE },
  "loses its connection": { kind: "drop" },
};

/** Each way of telling who calls with one form of the output. */
describe.each([
  ["signed", []],
  ["with a token", ["--json"]],
] as const)("the command's output contains no canary: %s", (way, format) => {
  const credential = () => (way === "signed" ? signingSecret : token);

  test.concurrent.each(Object.entries(FAULTS))(
    "the output for a secret that %s contains no canary",
    async (title, fault) => {
      const prefix = `${way}_${title}`.replace(/\W/g, "_").toUpperCase();
      if (fault !== undefined) {
        const times = Number.POSITIVE_INFINITY;
        stack.upstream.inject({ ...fault, name: `${prefix}*`, times });
      }
      const secrets = JSON.stringify({ [`${prefix}_B`]: VALUE });
      await Promise.all([
        run(["create", `${prefix}_A`, "--from-env", "SOURCE", ...format], credential()),
        run(["push", ...format], credential(), secrets),
      ]);
    },
  );

  test("the output for a wrong call contains no canary", async () => {
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

  test("the output of the list of deliveries contains no canary", async () => {
    await run(["deliveries", ...format], credential());
  });
});

test("a SENDERS document is checked without showing its credentials", async () => {
  const sender = stack.sender.policy;
  const broken = {
    ...sender,
    tokenHashes: [token],
    [signingSecret]: VALUE,
  };
  for (const document of [[broken], [{ ...sender, id: VALUE }], VALUE]) {
    await run(["check-senders"], token, JSON.stringify(document));
    await run(["check-senders"], token, JSON.stringify(document).slice(0, -1));
  }
});
