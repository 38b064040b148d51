import { answerJson, serveLoopback } from "@convai-secrets/testing";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { type ExampleResult, readExample, runExample } from "./run-example.ts";
import { expectNoSecret, expectStored, useStack, VALUE } from "./use-stack.ts";

const stack = useStack();
const PROGRAMS = ["bash", "cat", "curl", "cut", "date", "iconv", "jq", "od", "openssl"];

async function store(
  url: string,
  secret: string,
  value: string | Uint8Array = VALUE,
  name = "CURL_SIGNED",
): Promise<ExampleResult> {
  const command = `printf %s '${Buffer.from(value).toString("base64")}' | openssl base64 -d -A >value; bash store.sh ${name} value secret`;
  return runExample(["bash", "-c", command], {
    files: { "store.sh": await readExample("curl-openssl.sh"), secret },
    programs: PROGRAMS,
    env: { CONVAI_SECRETS_URL: url },
  });
}

/** The lines after the test's own command, which contains the value. */
const ownLines = ({ commandLines }: ExampleResult) => commandLines.split("\n").slice(1).join("\n");

test("the shell example stores the secret once however often it runs, and shows nothing on a command line", async () => {
  const { url, sender } = stack();
  for (const address of [url, `${url}/`]) {
    const result = await store(address, `${sender.signingSecret}\n`, `${VALUE}\n`);
    expect(result.exitCode, result.stderr).toBe(0);
    expectStored(stack(), "CURL_SIGNED", VALUE, JSON.parse(result.stdout).secret_id);
    expect(ownLines(result).match(/^curl /gm)).toHaveLength(1);
    expectNoSecret(ownLines(result) + result.stderr, stack());
  }
});

test("the shell example rotates a value under the same secret_id", async () => {
  const { url, sender } = stack();
  const ids = new Set<string>();
  for (const value of ["value one", "value two"]) {
    const { stdout } = await store(url, sender.signingSecret, value, "CURL_ROTATED");
    ids.add(JSON.parse(stdout).secret_id);
  }
  expect(ids.size).toBe(1);
  expectStored(stack(), "CURL_ROTATED", "value two");
});

test("the shell example shows the answer and fails if the Worker rejects the request", async () => {
  const { exitCode, stdout } = await store(stack().url, `whsec_${btoa("x".repeat(32))}`);
  expect(exitCode).toBe(22);
  expect(JSON.parse(stdout)).toMatchObject({ code: "unauthenticated" });
});

test("the shell example rejects a value that is not UTF-8 and an address that is not https", async () => {
  const { url, sender } = stack();
  const latin1 = await store(url, sender.signingSecret, Buffer.from("gr\xfcn", "latin1"));
  expect([latin1.exitCode, latin1.stderr]).toEqual([2, expect.stringContaining("must be UTF-8")]);
  const plain = await store("http://secrets.example.com", sender.signingSecret);
  expect([plain.exitCode, plain.stderr]).toEqual([2, expect.stringContaining("https://")]);
});

test.each([24, 32, 64])(
  "the shell example signs with a key of %i bytes of any kind",
  async (length) => {
    const { url, received } = await serveLoopback(answerJson({}));
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37 + length) % 256));
    Buffer.from([0, 0x25, 0x36, 0x5c, 0x0a, 0xff]).copy(bytes);
    const secret = `whsec_${bytes.toString("base64")}`;
    expect((await store(url, secret)).exitCode).toBe(0);
    const [{ body, headers } = { body: "", headers: {} }] = received;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({
      type: "new",
      name: "CURL_SIGNED",
      value: VALUE,
    });
  },
);
