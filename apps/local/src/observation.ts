import type { Expectation } from "./scenarios.ts";

/** What happened, as far as a scenario says what must. */
export interface Observation {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly replayed: boolean;
  /** How many POSTs of the name upstream received. */
  readonly posts: number;
  /** The ids of the secrets of that name which upstream holds. */
  readonly secretIds: readonly string[];
  /** Whether each of them has the value that was sent. */
  readonly hasValueSent: boolean;
}

/** What of an observation is not as promised. */
export function findFaults(expected: Expectation, observed: Observation): string[] {
  const { body, posts, secretIds } = observed;
  const faults: string[] = [];
  const hold = (isAsPromised: boolean, fault: string) => {
    if (!isAsPromised) faults.push(fault);
  };
  hold(
    observed.status === expected.status,
    `the status is ${observed.status}, not ${expected.status}`,
  );
  if (expected.code === undefined) {
    hold(body["type"] === "stored", "the answer does not say that it is stored");
    hold(
      secretIds.includes(String(body["secret_id"])),
      "the answer's secret_id is none that upstream holds",
    );
  } else {
    hold(body["code"] === expected.code, `the answer's code is not ${expected.code}`);
  }
  const replayed = expected.replayed ?? false;
  hold(observed.replayed === replayed, `the answer is ${replayed ? "not " : ""}a replayed one`);
  hold(posts === expected.stored, `upstream received ${posts} POSTs, not ${expected.stored}`);
  hold(
    secretIds.length === expected.stored,
    `upstream holds ${secretIds.length} secrets, not ${expected.stored}`,
  );
  hold(observed.hasValueSent, "the value upstream holds is not the one sent");
  return faults;
}
