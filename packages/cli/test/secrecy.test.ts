import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { searchFor } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { type Ended, runCommand, startCommand } from "./support/run-command.ts";
import { startForTest } from "./support/worker.ts";

const VALUE = "canary-5e7a-value";

function expectNothingOf(secrets: Readonly<Record<string, string>>, text: string): void {
  expect(searchFor(secrets)(text)).toEqual([]);
}

const said = ({ stdout, stderr }: Ended) => stdout + stderr;

/** The command line of every process, as ps shows them to every user. */
async function listCommandLines(): Promise<string> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(lines)).join("\n");
}

test.runIf(process.platform === "linux")(
  "while a secret is stored, no command line of the machine contains the value or the credential",
  async () => {
    const {
      env,
      tokenEnv,
      upstream,
      stack: {
        sender: { signingSecret, token },
      },
    } = await startForTest();
    upstream.inject({ kind: "hang", times: Number.POSITIVE_INFINITY });
    const runs = [env, tokenEnv].flatMap((environment) => [
      startCommand(["create", "A"], { env: environment, input: VALUE }),
      startCommand(["create", "B", "--from-env", "V"], { env: { ...environment, V: VALUE } }),
      startCommand(["push", "-"], { env: environment, input: JSON.stringify({ C: VALUE }) }),
    ]);
    while (upstream.received().POST < 6) await new Promise((resolve) => setTimeout(resolve, 20));
    const lines = await listCommandLines();
    expect(lines).toContain("convai-secrets.js");
    expectNothingOf({ VALUE, signingSecret, token }, lines);
    for (const { child } of runs) child.kill("SIGKILL");
    await Promise.all(runs.map(({ ended }) => ended));
  },
);

const FAULTS = [
  { kind: "answer", status: 422 },
  { kind: "answer", status: 401 },
  { kind: "answer", status: 400, body: { detail: { status: VALUE, message: VALUE } } },
] as const;

test.each(FAULTS)(
  "the output after an upstream error contains no value or credential: %o",
  async (fault) => {
    const {
      env,
      tokenEnv,
      upstream,
      stack: {
        sender: { signingSecret, token },
      },
    } = await startForTest();
    upstream.inject({ ...fault, times: Number.POSITIVE_INFINITY });
    for (const environment of [env, tokenEnv]) {
      for (const json of [[], ["--json"]]) {
        const create = await runCommand(["create", "A", ...json], {
          env: environment,
          input: VALUE,
        });
        const input = JSON.stringify({ B: VALUE });
        const push = await runCommand(["push", "-", ...json], { env: environment, input });
        expect([create.code, push.code]).toEqual([4, 4]);
        expectNothingOf({ VALUE, signingSecret, token }, said(create) + said(push));
      }
    }
  },
);

test("the output of successful commands contains no value or credential", async () => {
  const {
    env,
    tokenEnv,
    stack: {
      sender: { signingSecret, token },
    },
  } = await startForTest();
  for (const environment of [env, tokenEnv]) {
    const runs = [
      await runCommand(["create", "A"], { env: environment, input: VALUE }),
      await runCommand(["push", "-", "--json"], {
        env: environment,
        input: JSON.stringify({ B: VALUE }),
      }),
      await runCommand(["push", "-", "--dry-run"], {
        env: environment,
        input: JSON.stringify({ B: VALUE }),
      }),
      await runCommand(["deliveries", "--json"], { env: environment }),
      await runCommand(["deliveries"], { env: environment }),
    ];
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expectNothingOf({ VALUE, signingSecret, token }, runs.map(said).join(""));
  }
});

test.each([
  ["a token with a typing error", (token: string) => ({ token: `${token}!` })],
  ["a field named like the token", (token: string) => ({ token, [token]: 1 })],
  [
    "an address that contains the token",
    (token: string) => ({ token, url: `https://${token}@x.example` }),
  ],
])("a settings file with %s is rejected without printing it", async (_, build) => {
  const key = `cs_${"Canary5e7a0".repeat(4).slice(0, 43)}`;
  const path = join(await makeFolder(), "config.json");
  const config = JSON.stringify({ url: "https://x.example", ...build(key) });
  for (const text of [config, config.slice(0, -1)]) {
    await writeFile(path, text, { mode: 0o600 });
    const run = await runCommand(["create", "A", "--settings", path, "--json"], { input: VALUE });
    expect(run.code).toBe(2);
    expectNothingOf({ key, VALUE }, said(run));
  }
});

test("a fault of the program ends with 1 and prints only its name", async () => {
  const { env } = await startForTest();
  const fault = `Object.assign(new RangeError("${VALUE}"), { request: "${VALUE}" })`;
  const preload = `globalThis.fetch = () => {
    setImmediate(() => { throw ${fault}; });
    return new Promise(() => {});
  };`;
  const { code, stdout, stderr } = await runCommand(["create", "A", "--json"], {
    env: { ...env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` },
    input: VALUE,
  });
  expect(code).toBe(1);
  expect(stderr).toBe("A fault of this program: RangeError\n");
  expect(JSON.parse(stdout).error.code).toBe("fault");
  expectNothingOf({ VALUE }, stdout + stderr);
});
