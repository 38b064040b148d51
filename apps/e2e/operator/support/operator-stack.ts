import { setTimeout as sleep } from "node:timers/promises";
import {
  createTestSender,
  sendDelivery,
  startTestStack,
  type TestSender,
  type TestStack,
} from "@convai-secrets/testing";
import { type AccessProxy, startAccessProxy } from "@convai-secrets/testing/access-proxy";
import { createElsewhere } from "../../support/create-elsewhere.ts";

/** The Worker behind a stand-in for Cloudflare Access, with three senders. */
export interface OperatorStack extends TestStack {
  readonly access: AccessProxy;
  /** Its policy is `create`. */
  readonly creator: TestSender;
  /** Its policy is `update`. */
  readonly updater: TestSender;
}

/** The user whom Access signs in. */
export const USER = "ada@example.com";

export async function startOperatorStack(): Promise<OperatorStack> {
  const access = await startAccessProxy({ user: USER });
  const creator = await createTestSender("billing");
  const updater = await createTestSender("vault-prod", { existing: "update" });
  const stack = await startTestStack({
    senders: [creator, updater],
    env: { OPERATOR_ACCESS: access.binding },
    onStart: access.protect,
  });
  const stop = async () => {
    await access.stop();
    await stack.stop();
  };
  return { ...stack, url: stack.url, pid: stack.pid, access, creator, updater, stop };
}

/**
 * Leaves a delivery whose outcome only a person can decide: its secret appears after the ledger has
 * looked for it, together with another one of the same name.
 */
export async function leaveUnknownOutcome(
  stack: OperatorStack,
  name: string,
  id: string,
): Promise<{ readonly value: string }> {
  const value = `canary-${crypto.randomUUID()}`;
  stack.upstream.inject({ kind: "drop", store: { afterMs: 1_000 }, name });
  const delivery = { sender: stack.creator, name, value, id };
  await sendDelivery(stack, delivery);
  await createElsewhere(stack, name);
  while (countSecrets(stack, name) < 2) await sleep(100);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { body } = await sendDelivery(stack, delivery);
    if (body["code"] === "outcome_unknown") return { value };
    await sleep(250);
  }
  throw new Error("The outcome was settled without a person");
}

function countSecrets({ upstream }: TestStack, name: string): number {
  return upstream.secrets().filter((secret) => secret.name === name).length;
}
