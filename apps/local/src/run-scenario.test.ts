import { expect, test } from "vitest";
import { findFaults } from "./run-scenario.js";

const expected = { status: 200, body: ["type", "stored"], stored: 1 } as const;
const asPromised = { status: 200, body: { type: "stored" }, replayed: false, stored: 1 };

test("an observation as promised has no faults", () => {
  expect(findFaults(expected, asPromised)).toEqual([]);
});

test.each([
  [{ status: 502 }, "status 502, not 200"],
  [{ body: { code: "upstream_failed" } }, 'type is not "stored"'],
  [{ replayed: true }, "replayed or not is the wrong way round"],
  [{ stored: 2 }, "upstream holds 2, not 1"],
])("what is not as promised is named: %o", (difference, fault) => {
  expect(findFaults(expected, { ...asPromised, ...difference })).toEqual([fault]);
});
