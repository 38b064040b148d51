import { startTestStack, type TestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, expect } from "vitest";

/** A value that no quoting must change, and that is found wherever it shows. */
export const VALUE = `canary "value" \\ 'with' $(everything) %s \`&<é\u0001> and a line\nfeed`;

/** The real Worker for the tests of a file. */
export function useRig(): () => TestStack {
  let rig: TestStack | undefined;
  beforeAll(async () => {
    rig = await startTestStack();
  });
  afterAll(() => rig?.stop());
  return () => {
    if (rig === undefined) throw new TypeError("only within a test");
    return rig;
  };
}

/** That the stand-in holds exactly one secret of a name, with the value, under an id. */
export function expectStored(rig: TestStack, name: string, secretId?: string): void {
  const secrets = rig.upstream.secrets().filter((secret) => secret.name === name);
  const secret_id = secretId ?? expect.any(String);
  expect(secrets).toMatchObject([{ name, value: VALUE, secret_id }]);
}

/** That a text holds neither the value nor a credential, in any of the forms it goes through. */
export function expectNoSecret(text: string, { senderKey, token }: TestStack): void {
  const base64 = senderKey.slice("whsec_".length);
  const hex = Buffer.from(base64, "base64").toString("hex");
  const bytes = [...Buffer.from(base64, "base64")].slice(0, 8).join(" ");
  for (const secret of ["canary", base64, hex, bytes, token, "v1,", "Bearer c"]) {
    expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  }
}
