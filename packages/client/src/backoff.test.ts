import { expect, test } from "vitest";
import { chooseDelay } from "./backoff.ts";

const MOST = 1 - Number.EPSILON;

test.each([
  [1, 1_000],
  [2, 2_000],
  [5, 16_000],
  [6, 30_000],
  [100, 30_000],
])("the delay after attempt %i is between 0 and %i ms", (attempt, ceiling) => {
  expect(chooseDelay(attempt, undefined, 0)).toBe(0);
  expect(chooseDelay(attempt, undefined, 0.5)).toBe(ceiling / 2);
  expect(chooseDelay(attempt, undefined, MOST)).toBeLessThan(ceiling);
});

test("the jitter is added to the wait that the server asks for", () => {
  expect(chooseDelay(1, 5_000, 0)).toBe(5_000);
  expect(chooseDelay(2, 5_000, 0.5)).toBe(6_000);
});

test.each([
  [300_000, 300_000],
  [300_001, undefined],
])("a requested wait of %i ms gives the delay %s", (retryAfterMs, delay) => {
  expect(chooseDelay(1, retryAfterMs, 0)).toBe(delay);
});
