import { expect, test } from "vitest";
import {
  AddressLimiter,
  FAILURE_WINDOW_MS,
  MAX_ADDRESSES,
  MAX_FAILURES,
} from "../../../src/auth/address-limiter.ts";
import { readClientAddress } from "../../../src/auth/client-address.ts";

const START = 1_800_000_000_000;

function fail(limiter: AddressLimiter, address: string, times: number, now = START): void {
  for (let count = 0; count < times; count += 1) limiter.recordFailure(address, now);
}

test("An address waits after its last allowed failure, until the minute since the first one is over", () => {
  const limiter = new AddressLimiter();
  fail(limiter, "192.0.2.1", MAX_FAILURES - 1);
  expect(limiter.getWaitMs("192.0.2.1", START)).toBe(0);
  fail(limiter, "192.0.2.1", 1, START + 1_000);
  expect(limiter.getWaitMs("192.0.2.1", START + 1_000)).toBe(FAILURE_WINDOW_MS - 1_000);
  expect(limiter.getWaitMs("192.0.2.1", START + FAILURE_WINDOW_MS)).toBe(0);
});

test("Failures while an address waits do not extend its wait", () => {
  const limiter = new AddressLimiter();
  fail(limiter, "192.0.2.1", MAX_FAILURES);
  fail(limiter, "192.0.2.1", MAX_FAILURES, START + FAILURE_WINDOW_MS - 1);
  expect(limiter.getWaitMs("192.0.2.1", START + FAILURE_WINDOW_MS)).toBe(0);
});

test("Failures of one address do not make another one wait", () => {
  const limiter = new AddressLimiter();
  fail(limiter, "192.0.2.1", MAX_FAILURES);
  expect(limiter.getWaitMs("192.0.2.2", START)).toBe(0);
});

test("Memory is bounded: the address that failed least recently is forgotten first", () => {
  const limiter = new AddressLimiter();
  fail(limiter, "old", MAX_FAILURES);
  fail(limiter, "recent", MAX_FAILURES - 1);
  for (let index = 0; index < MAX_ADDRESSES - 2; index += 1) fail(limiter, `other-${index}`, 1);
  fail(limiter, "recent", 1);
  expect(limiter.getWaitMs("old", START)).toBeGreaterThan(0);
  fail(limiter, "new", 1);
  expect(limiter.getWaitMs("old", START)).toBe(0);
  fail(limiter, "newer", 1);
  expect(limiter.getWaitMs("recent", START)).toBeGreaterThan(0);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:DB8:0000:0000:ffff:1:2:3", "2001:db8:0:0"],
  ["2001:db8:1:2::", "2001:db8:1:2"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["::1", "0:0:0:0"],
  ["fe80::1:2:3:4", "fe80:0:0:0"],
])("The address %s is counted as %s", (address, expected) => {
  expect(readClientAddress(new Headers({ "cf-connecting-ip": address }))).toBe(expected);
});

test("Outside Cloudflare, no address is counted", () => {
  expect(readClientAddress(new Headers({ "x-forwarded-for": "192.0.2.1" }))).toBeUndefined();
  const long = new Headers({ "cf-connecting-ip": "1".repeat(46) });
  expect(readClientAddress(long)).toBeUndefined();
});
