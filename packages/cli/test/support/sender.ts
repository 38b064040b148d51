import { createTestSender, startTestStack, type TestStack } from "@convai-secrets/testing";
import { onTestFinished } from "vitest";

/** The Worker, the stand-in, and what the command finds in its environment. */
export interface CommandRig extends TestStack {
  /** With the signing secret. */
  readonly env: Readonly<Record<string, string>>;
  /** With the token. */
  readonly tokenEnv: Readonly<Record<string, string>>;
  /** What is stored upstream, by name. */
  values(): Record<string, string>;
}

/** Starts both for one test. */
export async function startForTest(
  bindings: Readonly<Record<string, string>> = {},
  names?: readonly string[],
): Promise<CommandRig> {
  const rig = await startTestStack({
    senders: [await createTestSender("test-sender", names && { names: [...names] })],
    env: bindings,
  });
  onTestFinished(rig.stop);
  return describe(rig);
}

export function describe(rig: TestStack): CommandRig {
  return {
    ...rig,
    env: { CONVAI_SECRETS_URL: rig.url, CONVAI_SECRETS_KEY: rig.sender.signingSecret },
    tokenEnv: { CONVAI_SECRETS_URL: rig.url, CONVAI_SECRETS_KEY: rig.sender.token },
    values: () =>
      Object.fromEntries(rig.upstream.secrets().map(({ name, value }) => [name, value])),
  };
}
