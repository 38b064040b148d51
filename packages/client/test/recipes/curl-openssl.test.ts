import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { answerJson } from "../answers.ts";
import { serve } from "../loopback.ts";
import { readRecipe } from "./read-recipe.ts";
import { hasProgram, runRecipe } from "./run-recipe.ts";
import { expectNoSecret, expectStored, useRig, VALUE } from "./use-rig.ts";

const rig = useRig();
const SCRIPT = readRecipe("curl and openssl", "bash");
const PROGRAMS = ["bash", "cat", "curl", "cut", "date", "jq", "od", "openssl"];

function store(url: string, key: string, value = VALUE, name = "CURL_SIGNED") {
  return runRecipe(["bash", "store-secret.sh", name, "value", "key"], {
    files: { "store-secret.sh": SCRIPT, value, key },
    programs: PROGRAMS,
    env: { CONVAI_SECRETS_URL: url },
  });
}

describe.runIf(PROGRAMS.every(hasProgram))("curl and openssl", () => {
  test("it stores the secret once, however often it runs, and nothing shows on a command line", async () => {
    const { url, senderKey } = rig();
    for (const key of [senderKey, `${senderKey}\n`]) {
      const { exitCode, stdout, stderr, commandLines } = await store(url, key);
      expect(exitCode, stderr).toBe(0);
      expectStored(rig(), "CURL_SIGNED", JSON.parse(stdout).secret_id);
      expect(commandLines.match(/^curl /gm)).toHaveLength(1);
      expectNoSecret(commandLines + stderr, rig());
    }
  });

  test("it is ten lines of shell, besides the comment", () => {
    const lines = SCRIPT.replaceAll("\\\n", "").split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toHaveLength(9);
  });

  test("another value is another delivery", async () => {
    const { url, senderKey, upstream } = rig();
    for (const value of ["one", "two", "one"]) await store(url, senderKey, value, "CURL_ROTATED");
    const secrets = upstream.secrets().filter(({ name }) => name === "CURL_ROTATED");
    expect(secrets.map(({ value }) => value)).toEqual(["one", "two"]);
  });

  test("a refusal is shown, and is the exit code", async () => {
    const { url } = rig();
    const key = `whsec_${randomBytes(24).toString("base64")}`;
    const { exitCode, stdout } = await store(url, key);
    expect(exitCode).toBe(22);
    expect(JSON.parse(stdout)).toMatchObject({ code: "unauthenticated" });
  });

  test.each([24, 32, 64])("it signs with a key of %i bytes, whatever they are", async (length) => {
    const { url, received } = await serve(answerJson({}));
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37 + length) % 256));
    const edges = [0, 0x25, 0x36, 0x5c, 0x0a, 0xff];
    Buffer.from(edges).copy(bytes);
    const key = `whsec_${bytes.toString("base64")}`;
    expect((await store(url, key)).exitCode).toBe(0);
    const [{ body, headers } = { body: "", headers: {} }] = received;
    expect(new Webhook(key).verify(body, headers as Record<string, string>)).toEqual({
      type: "new",
      name: "CURL_SIGNED",
      value: VALUE,
    });
  });
});
