import { createTestSender, startTestStack, type TestStack } from "@convai-secrets/testing";
import { onTestFinished } from "vitest";

type SenderPolicy = Parameters<typeof createTestSender>[1];

/** The built Worker and one sender of it, as the command's environment names them. */
export interface CommandStack {
  readonly stack: TestStack;
  readonly upstream: TestStack["upstream"];
  /** With the signing secret. */
  readonly env: Readonly<Record<string, string>>;
  /** With the token. */
  readonly tokenEnv: Readonly<Record<string, string>>;
  /** The stored values by name. */
  values(): Record<string, string>;
}

/** Starts the Worker for one test. */
export async function startForTest(
  policy: SenderPolicy = {},
  env: Readonly<Record<string, string>> = {},
): Promise<CommandStack> {
  const stack = await startTestStack({ senders: [await createTestSender("ci", policy)], env });
  onTestFinished(stack.stop);
  return describeStack(stack);
}

/** The environments and values of a stack. */
export function describeStack(stack: TestStack): CommandStack {
  const { url, upstream, sender } = stack;
  return {
    stack,
    upstream,
    env: { CONVAI_SECRETS_URL: url, CONVAI_SECRETS_SIGNING_SECRET: sender.signingSecret },
    tokenEnv: { CONVAI_SECRETS_URL: url, CONVAI_SECRETS_TOKEN: sender.token },
    values: () => Object.fromEntries(upstream.secrets().map(({ name, value }) => [name, value])),
  };
}

/** A token of the right form that belongs to no sender. */
export const UNKNOWN_TOKEN = `cs_${"a".repeat(43)}`;
