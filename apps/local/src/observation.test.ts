import { expect, test } from "vitest";
import { findFaults, type Observation } from "./observation.ts";

const stored: Observation = {
  status: 200,
  body: { type: "stored", secret_id: "a" },
  result: "updated",
  earlierSecretId: "a",
  writes: 2,
  secretIds: ["a"],
  hasValueSent: true,
};
const EXPECTED = { status: 200, result: "updated", writes: 2, stored: 1 } as const;
const rejected: Observation = {
  status: 403,
  body: { code: "name_not_allowed" },
  result: null,
  earlierSecretId: undefined,
  writes: 0,
  secretIds: [],
  hasValueSent: true,
};
const REJECTED = { status: 403, code: "name_not_allowed", writes: 0, stored: 0 };

test("an expected observation has no faults", () => {
  expect(findFaults(EXPECTED, stored)).toEqual([]);
  expect(findFaults(REJECTED, rejected)).toEqual([]);
});

test.each<[Partial<Observation>, string]>([
  [{ status: 502 }, "the status is 502, not 200"],
  [{ body: { secret_id: "a" } }, "the answer does not say that the secret is stored"],
  [{ secretIds: ["b"] }, "the upstream does not have the secret_id of the answer"],
  [{ earlierSecretId: "b" }, "the secret_id of the name has changed"],
  [{ result: "created" }, "the result is created, not updated"],
  [{ writes: 3 }, "the upstream received 3 writes, not 2"],
  [{ secretIds: ["a", "b"] }, "the upstream has 2 secrets, not 1"],
  [{ hasValueSent: false }, "the upstream does not have the value that was sent"],
])("a stored secret with %o has the fault: %s", (difference, fault) => {
  expect(findFaults(EXPECTED, { ...stored, ...difference })).toEqual([fault]);
});

test("another problem, or a rejected request that reached the upstream, is a fault", () => {
  const other = { ...rejected, body: { code: "rate_limited" }, writes: 1 };
  expect(findFaults(REJECTED, other)).toEqual([
    "the code of the answer is not name_not_allowed",
    "the upstream received 1 writes, not 0",
  ]);
});
