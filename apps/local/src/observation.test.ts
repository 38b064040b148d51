import { expect, test } from "vitest";
import { findFaults, type Observation } from "./observation.ts";

const stored: Observation = {
  status: 200,
  body: { type: "stored", secret_id: "a" },
  replayed: false,
  posts: 1,
  secretIds: ["a"],
  hasValueSent: true,
};
const refused: Observation = {
  status: 403,
  body: { code: "name_not_allowed" },
  replayed: false,
  posts: 0,
  secretIds: [],
  hasValueSent: true,
};

test("an observation as promised has no faults", () => {
  expect(findFaults({ status: 200, stored: 1 }, stored)).toEqual([]);
  expect(findFaults({ status: 403, code: "name_not_allowed", stored: 0 }, refused)).toEqual([]);
});

test.each<[Partial<Observation>, string]>([
  [{ status: 502 }, "the status is 502, not 200"],
  [{ body: { secret_id: "a" } }, "the answer does not say that it is stored"],
  [
    { body: { type: "stored", secret_id: "b" } },
    "the answer's secret_id is none that upstream holds",
  ],
  [{ replayed: true }, "the answer is a replayed one"],
  [{ posts: 2 }, "upstream received 2 POSTs, not 1"],
  [{ secretIds: ["a", "b"] }, "upstream holds 2 secrets, not 1"],
  [{ hasValueSent: false }, "the value upstream holds is not the one sent"],
])("of a stored one, what is not as promised is named: %o", (difference, fault) => {
  expect(findFaults({ status: 200, stored: 1 }, { ...stored, ...difference })).toEqual([fault]);
});

test("a replay that is none is named", () => {
  const expected = { status: 200, stored: 1, replayed: true };
  expect(findFaults(expected, stored)).toEqual(["the answer is not a replayed one"]);
});

test("another refusal, or one that reached upstream, is named", () => {
  const expected = { status: 403, code: "name_not_allowed", stored: 0 };
  const other = { ...refused, body: { code: "rate_limited" }, posts: 1 };
  expect(findFaults(expected, other)).toEqual([
    "the answer's code is not name_not_allowed",
    "upstream received 1 POSTs, not 0",
  ]);
});
