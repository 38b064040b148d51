import { answerJson, findClosedPort, serveLoopback } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import {
  askProgram,
  EXAMPLES,
  type ExampleResult,
  readExample,
  runExample,
} from "./run-example.ts";
import { expectNoSecret, expectStored, useStack, VALUE } from "./use-stack.ts";

const stack = useStack();

/** The interpreter itself: on the PATH can be a script that needs more programs. */
const askPython = (line: string) => askProgram("python3", ["-c", line]);
const PYTHON = askPython("import sys; print(sys.executable)") ?? "python3";
const HAS_PYTHON_SDK = askPython("import elevenlabs") !== undefined;

async function runPython(
  file: string,
  name: string,
  env: Readonly<Record<string, string>>,
  input: string | Uint8Array = VALUE,
): Promise<ExampleResult> {
  return runExample(["python3", file, name], {
    files: { [file]: await readExample(file) },
    programs: ["python3"],
    paths: { python3: PYTHON },
    // The script must not depend on the locale's encoding.
    env: { CONVAI_SECRETS_URL: `${stack().url}/`, LC_ALL: "C", PYTHONUTF8: "0", ...env },
    input,
  });
}

test("the Python script signs, keeps non-ASCII characters, and stores the secret once", async () => {
  const env = { CONVAI_SECRETS_SIGNING_SECRET: stack().sender.signingSecret };
  for (const input of [VALUE, `${VALUE}\n`, `${VALUE}\r\n`]) {
    const result = await runPython("store_secret.py", "PYTHON_SIGNED", env, input);
    expect(result.exitCode, result.stderr).toBe(0);
    expectStored(stack(), "PYTHON_SIGNED", VALUE, result.stdout.trim());
    expectNoSecret(result.commandLines + result.stdout + result.stderr, stack());
  }
});

test("the Python script shows why the Worker rejected the request", async () => {
  const env = { CONVAI_SECRETS_SIGNING_SECRET: stack().sender.signingSecret };
  const { exitCode, stderr } = await runPython("store_secret.py", " PYTHON", env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("HTTP 422");
  expect(stderr).toContain("must not start or end with white space");
  expectNoSecret(stderr, stack());
});

test("the Python script rejects an address that is not https and a value that is not UTF-8", async () => {
  const env = { CONVAI_SECRETS_SIGNING_SECRET: stack().sender.signingSecret };
  const plain = { ...env, CONVAI_SECRETS_URL: "http://secrets.example.com" };
  expect((await runPython("store_secret.py", "P", plain)).stderr).toContain("https://");
  const latin1 = Buffer.from("gr\xfcn", "latin1");
  expect((await runPython("store_secret.py", "P", env, latin1)).stderr).toContain("UTF-8");
});

test.runIf(HAS_PYTHON_SDK)("the official Python SDK stores the secret", async () => {
  const env = { CONVAI_SECRETS_TOKEN: stack().sender.token };
  const { stdout, stderr, exitCode } = await runPython("python_sdk.py", "PYTHON_SDK", env);
  expect(exitCode, stderr).toBe(0);
  expectStored(stack(), "PYTHON_SDK", VALUE, stdout.trim());
});

async function runTypeScript(name: string, url = `${stack().url}/`): Promise<ExampleResult> {
  return runExample(["node", `${EXAMPLES}/typescript-sdk.ts`, name], {
    programs: ["node"],
    paths: { node: process.execPath },
    env: { CONVAI_SECRETS_URL: url, CONVAI_SECRETS_TOKEN: stack().sender.token },
    input: `${VALUE}\n`,
  });
}

test("the official TypeScript SDK stores the secret", async () => {
  const { exitCode, stdout, stderr } = await runTypeScript("TYPESCRIPT_SDK");
  expect(exitCode, stderr).toBe(0);
  expectStored(stack(), "TYPESCRIPT_SDK", VALUE, stdout.trim());
});

test("the TypeScript example shows code and detail of a rejection, without the value", async () => {
  const { exitCode, stderr } = await runTypeScript(" TYPESCRIPT");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("HTTP 422: invalid_request.");
  expectNoSecret(stderr, stack());
});

test("the TypeScript example rejects an address that is not https", async () => {
  const { exitCode, stderr } = await runTypeScript("TS", "http://secrets.example.com");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("CONVAI_SECRETS_URL must start with https://");
});

test("the Python script and the TypeScript example do not follow redirects", async () => {
  const target = await serveLoopback(answerJson({}));
  const location = `${target.url}/v1/convai/secrets`;
  const { url, received } = await serveLoopback(answerJson({}, 307, { location }));
  const env = {
    CONVAI_SECRETS_SIGNING_SECRET: stack().sender.signingSecret,
    CONVAI_SECRETS_URL: url,
  };
  expect((await runPython("store_secret.py", "P", env)).stderr).toContain("HTTP 307");
  expect((await runTypeScript("TS", url)).exitCode).toBe(1);
  expect(received.length).toBeGreaterThan(1);
  expect(target.received).toEqual([]);
});

test("the Python script names the host if there is no response", async () => {
  const env = {
    CONVAI_SECRETS_SIGNING_SECRET: stack().sender.signingSecret,
    CONVAI_SECRETS_URL: `http://127.0.0.1:${await findClosedPort()}`,
  };
  const { exitCode, stderr } = await runPython("store_secret.py", "P", env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("No response from 127.0.0.1");
});
