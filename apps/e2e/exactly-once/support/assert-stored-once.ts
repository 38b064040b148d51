import type { StoredSecretRecord } from "@convai-secrets/elevenlabs-local";
import type { Answer, TestDelivery } from "@convai-secrets/testing";
import { expect } from "vitest";

/** A delivery and the answer that its sender got. */
export interface AnsweredDelivery {
  readonly delivery: TestDelivery;
  readonly answer: Answer;
}

/**
 * Asserts that upstream stored each delivery exactly once and nothing else, and that each sender got
 * the id of its own secret. Every delivery must have a value of its own.
 */
export function assertStoredOnce(
  answered: readonly AnsweredDelivery[],
  secrets: readonly StoredSecretRecord[],
): void {
  const byValue = Map.groupBy(secrets, ({ value }) => value);
  const wrong = answered.filter(({ delivery: { name, value }, answer }) => {
    const [secret, ...more] = byValue.get(value) ?? [];
    if (secret?.name !== name || more.length > 0) return true;
    return answer.body["secret_id"] !== secret.secret_id;
  });
  const report = wrong.map(({ delivery: { name, value }, answer: { status, body } }) => ({
    name,
    upstream: byValue.get(value)?.map(({ secret_id }) => secret_id) ?? [],
    answer: [status, body["secret_id"] ?? body["code"]],
  }));
  expect(report).toEqual([]);
  expect(secrets).toHaveLength(answered.length);
}
