import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { answerJson, serveLoopback } from "@convai-secrets/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand } from "./support/run-command.ts";
import { UNKNOWN_TOKEN } from "./support/worker.ts";

const LIST = { deliveries: [], next: null };
const ID_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl";

let url: string;
let received: { headers: Record<string, unknown> }[];
beforeEach(async () => {
  ({ url, received } = await serveLoopback(answerJson(LIST)));
});

const list = (env: Readonly<Record<string, string>>, ...args: string[]) =>
  runCommand(["deliveries", ...args], { env });
const bearer = () => received.at(-1)?.headers["authorization"];

async function writeSettings(settings: unknown, mode = 0o600): Promise<string> {
  const path = join(await makeFolder(), "convai-secrets", "config.json");
  await mkdir(dirname(path));
  await writeFile(path, typeof settings === "string" ? settings : JSON.stringify(settings));
  await chmod(path, mode);
  return path;
}

describe("settings files", () => {
  test("the file of --settings takes precedence over the environment", async () => {
    const path = await writeSettings({ url, token: UNKNOWN_TOKEN });
    const env = { CONVAI_SECRETS_URL: "http://127.0.0.1:1", CONVAI_SECRETS_TOKEN: "wrong" };
    expect(await list(env, "--settings", path)).toMatchObject({ code: 0 });
    expect(bearer()).toBe(`Bearer ${UNKNOWN_TOKEN}`);
  });

  test("the default file is read if the environment names no Worker", async () => {
    const path = await writeSettings({ url, token: UNKNOWN_TOKEN });
    const XDG_CONFIG_HOME = dirname(dirname(path));
    expect(await list({ XDG_CONFIG_HOME })).toMatchObject({ code: 0 });
    expect(received).toHaveLength(1);
    const partial = { XDG_CONFIG_HOME, CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN };
    expect(await list(partial)).toMatchObject({ code: 2 });
    expect(received).toHaveLength(1);
  });

  test.each([0o640, 0o604, 0o660, 0o644])("a file of mode %o is rejected", async (mode) => {
    const path = await writeSettings({ url, token: UNKNOWN_TOKEN }, mode);
    const { code, stderr } = await list({}, "--settings", path);
    expect(code).toBe(2);
    expect(stderr).toContain("chmod 600");
    expect(await list({ XDG_CONFIG_HOME: dirname(dirname(path)) })).toMatchObject({ code: 2 });
  });

  test.each([
    ["no credential", { url: "https://x.example" }, "signingSecret of --settings: is required"],
    ["an unknown field", { url: "https://x.example", key: "canary" }, "is not a known field"],
    [
      "the endpoint of a GitHub Actions job",
      { url: "https://x.example", gitHubRequest: { url: "https://y.example", token: "canary" } },
      "gitHubRequest of --settings: is not a known field",
    ],
    ["text that is not JSON", "{canary", "must be JSON"],
    ["duplicate keys", '{"token":"canary","token":"x"}', "must not contain duplicate keys"],
    ["a JSON string", '"canary"', "--settings: must be a JSON object"],
  ])("a file with %s is rejected", async (_, settings, rule) => {
    const path = await writeSettings(settings);
    const { code, stdout, stderr } = await list({}, "--settings", path);
    expect(code).toBe(2);
    expect(stderr).toContain(rule);
    expect(stdout + stderr).not.toContain("canary");
  });
});

describe("environment variables", () => {
  test.each([
    ["no address", { CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN }, "CONVAI_SECRETS_URL: is required"],
    [
      "no credential",
      { CONVAI_SECRETS_URL: "https://x.example" },
      "CONVAI_SECRETS_SIGNING_SECRET: is required, or another credential",
    ],
    [
      "two credentials",
      {
        CONVAI_SECRETS_URL: "https://x.example",
        CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN,
        CONVAI_SECRETS_ID_TOKEN: ID_TOKEN,
      },
      "CONVAI_SECRETS_ID_TOKEN: must not be set together with another credential",
    ],
    [
      "an address without https",
      { CONVAI_SECRETS_URL: "http://x.example", CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN },
      "CONVAI_SECRETS_URL: must use https",
    ],
    [
      "a malformed token",
      { CONVAI_SECRETS_URL: "https://x.example", CONVAI_SECRETS_TOKEN: "canary5e7a" },
      "CONVAI_SECRETS_TOKEN: must be cs_",
    ],
  ])("%s ends with 2 and names the variable and its rule", async (_, env, rule) => {
    const { code, stdout, stderr } = await list(env);
    expect(code).toBe(2);
    expect(stderr).toContain(rule);
    expect(stdout + stderr).not.toContain("canary5e7a");
  });

  test("without any configuration, the message names the variable and the file", async () => {
    const { code, stderr } = await list({});
    expect(code).toBe(2);
    expect(stderr).toContain("CONVAI_SECRETS_URL: must be set, or /nonexistent/.config/");
  });
});

describe("OIDC tokens", () => {
  test("CONVAI_SECRETS_ID_TOKEN is sent as bearer token", async () => {
    const env = { CONVAI_SECRETS_URL: url, CONVAI_SECRETS_ID_TOKEN: ID_TOKEN };
    expect(await list(env)).toMatchObject({ code: 0 });
    expect(bearer()).toBe(`Bearer ${ID_TOKEN}`);
  });

  test("the file of CONVAI_SECRETS_ID_TOKEN_FILE is read again for each attempt", async () => {
    const file = join(await makeFolder(), "token");
    await writeFile(file, `${ID_TOKEN}old\n`);
    const server = await serveLoopback(
      (response) => void writeFile(file, `${ID_TOKEN}new\n`).then(() => response.destroy()),
      answerJson(LIST),
    );
    const env = { CONVAI_SECRETS_URL: server.url, CONVAI_SECRETS_ID_TOKEN_FILE: file };
    expect(await list(env)).toMatchObject({ code: 0 });
    const tokens = server.received.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual([`Bearer ${ID_TOKEN}old`, `Bearer ${ID_TOKEN}new`]);
  });

  test("a file that cannot be read ends with 2", async () => {
    const env = { CONVAI_SECRETS_URL: url, CONVAI_SECRETS_ID_TOKEN_FILE: "/nonexistent/token" };
    const { code, stderr } = await list(env);
    expect(code).toBe(2);
    expect(stderr).toContain("CONVAI_SECRETS_ID_TOKEN_FILE: must name a file that can be read");
  });

  test("a GitHub Actions job needs only the address", async () => {
    const github = await serveLoopback(answerJson({ value: ID_TOKEN }));
    const env = {
      CONVAI_SECRETS_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/?v=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    };
    expect(await list(env)).toMatchObject({ code: 0 });
    expect(github.received[0]?.url).toBe(`/?v=1&audience=${encodeURIComponent(url)}`);
    expect(bearer()).toBe(`Bearer ${ID_TOKEN}`);
  });

  test("a GitHub Actions job without the permission ends with 2 and names it", async () => {
    const github = await serveLoopback(answerJson({}, 403));
    const env = {
      CONVAI_SECRETS_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_URL: github.url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    };
    const { code, stderr } = await list(env);
    expect(code).toBe(2);
    expect(stderr).toContain("id-token: write");
    expect(received).toEqual([]);
  });
});

test("deliveries longer than a terminal are one line each in a pipe", async () => {
  const delivery = {
    id: `derived_${"a".repeat(43)}`,
    name: "N".repeat(100),
    operation: "update",
    state: "stored",
    secret_id: "sec_0123456789",
    created_at: "2026-11-25T12:00:00.000Z",
    last_seen_at: "2026-11-25T12:00:00.000Z",
    attempts: 1,
  };
  const server = await serveLoopback(answerJson({ deliveries: [delivery], next: null }));
  const env = { CONVAI_SECRETS_URL: server.url, CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN };
  const { stdout } = await list({ ...env, COLUMNS: "80" });
  expect(stdout.trimEnd().split("\n")).toHaveLength(2);
  expect(stdout).toContain(delivery.id);
});
