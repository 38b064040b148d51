import type { OidcRule } from "@convai-secrets/protocol";
import {
  createTestSender,
  searchFor,
  startTestStack,
  type TestStack,
} from "@convai-secrets/testing";
import { afterAll, beforeAll, expect } from "vitest";

/** A value that no quoting may change. */
export const VALUE = `canary "value" \\ 'with' $(everything) %s \`&<é grün\u0001> and a line\nfeed`;

/**
 * Starts the Worker for the tests of a file, with one sender that rotates values.
 *
 * @param rule an OIDC rule by which the sender is recognised as well
 */
export function useStack(rule?: () => OidcRule): () => TestStack {
  let stack: TestStack | undefined;
  beforeAll(async () => {
    const oidc = rule === undefined ? [] : [rule()];
    const sender = await createTestSender("example", { existing: "update", oidc });
    stack = await startTestStack({ senders: [sender] });
  });
  afterAll(() => stack?.stop());
  return () => {
    if (stack === undefined) throw new TypeError("The stack starts before the first test");
    return stack;
  };
}

/** Expects that the upstream has exactly one secret with this name, and that it has the value. */
export function expectStored(
  { upstream }: TestStack,
  name: string,
  value = VALUE,
  secretId?: string,
): void {
  const secrets = upstream.secrets().filter((secret) => secret.name === name);
  const secret_id = secretId ?? expect.any(String);
  expect(secrets).toMatchObject([{ name, value, secret_id }]);
}

/** Expects that a text contains neither the value nor a credential in any form it goes through. */
export function expectNoSecret(text: string, { sender }: TestStack): void {
  const { token, signingSecret } = sender;
  expect(searchFor({ VALUE, token, signingSecret })(text)).toEqual([]);
  const key = Buffer.from(signingSecret.slice("whsec_".length), "base64");
  const bytes = [...key].slice(0, 8).join(" ");
  for (const part of ["canary", bytes, "v1,"]) expect(text.toLowerCase()).not.toContain(part);
}
