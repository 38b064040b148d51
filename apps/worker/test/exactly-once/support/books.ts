import type { StoredSecretRecord } from "@convai-secrets/elevenlabs-local";
import { expect } from "vitest";
import type { Answer } from "../../node/rig.ts";
import type { Delivery } from "./delivery.ts";

/** A delivery, and what its sender was told. */
export interface Told {
  readonly delivery: Delivery;
  readonly answer: Answer;
}

/**
 * Holds what the senders were told against what upstream has: each delivery is there once, nothing
 * else is, and each sender was told the id under which its own value is stored. Every delivery must
 * have a value of its own.
 */
export function expectEachOnce(
  told: readonly Told[],
  secrets: readonly StoredSecretRecord[],
): void {
  const byValue = Map.groupBy(secrets, ({ value }) => value);
  const wrong = told.filter(({ delivery: { name, value }, answer }) => {
    const [secret, ...more] = byValue.get(value) ?? [];
    if (secret?.name !== name || more.length > 0) return true;
    return answer.body["secret_id"] !== secret.secret_id;
  });
  const report = wrong.map(({ delivery: { name, value }, answer: { status, body } }) => ({
    name,
    upstream: byValue.get(value)?.map(({ secret_id }) => secret_id) ?? [],
    told: [status, body["secret_id"] ?? body["code"]],
  }));
  expect(report).toEqual([]);
  expect(secrets).toHaveLength(told.length);
}
