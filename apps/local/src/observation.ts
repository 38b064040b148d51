import type { Expectation } from "./scenarios.ts";

/** What happened in a scenario. */
export interface Observation {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The header `convai-secrets-result`. */
  readonly result: string | null;
  /** The `secret_id` that earlier scenarios got for the name, if any. */
  readonly earlierSecretId: string | undefined;
  /** How many writes of the name the upstream received. */
  readonly writes: number;
  /** The ids of the secrets of the name that the upstream has. */
  readonly secretIds: readonly string[];
  /** Whether each of them has the value that was sent. */
  readonly hasValueSent: boolean;
}

/** Names each difference between an observation and what is expected. */
export function findFaults(expected: Expectation, observed: Observation): string[] {
  const { body, writes, secretIds, earlierSecretId } = observed;
  const faults: string[] = [];
  const check = (isExpected: boolean, fault: string) => {
    if (!isExpected) faults.push(fault);
  };
  check(
    observed.status === expected.status,
    `the status is ${observed.status}, not ${expected.status}`,
  );
  if (expected.code === undefined) {
    const secretId = String(body["secret_id"]);
    check(body["type"] === "stored", "the answer does not say that the secret is stored");
    check(secretIds.includes(secretId), "the upstream does not have the secret_id of the answer");
    check(
      earlierSecretId === undefined || secretId === earlierSecretId,
      "the secret_id of the name has changed",
    );
  } else {
    check(body["code"] === expected.code, `the code of the answer is not ${expected.code}`);
  }
  const result = expected.result ?? null;
  check(observed.result === result, `the result is ${observed.result}, not ${result}`);
  check(
    writes === expected.writes,
    `the upstream received ${writes} writes, not ${expected.writes}`,
  );
  check(
    secretIds.length === expected.stored,
    `the upstream has ${secretIds.length} secrets, not ${expected.stored}`,
  );
  check(observed.hasValueSent, "the upstream does not have the value that was sent");
  return faults;
}
