import { expect, test } from "vitest";
import { median, percentile, ratios, summarize } from "./statistics.ts";

test("the median of an odd number of values is the middle one in any order", () => {
  expect(median([10, 1, 2])).toBe(2);
  expect(median([7])).toBe(7);
});

test("the median of an even number of values lies between the two in the middle", () => {
  expect(median([1, 10, 2, 4])).toBe(3);
});

test("a summary has the median, the least and the greatest value", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
});

test("a ratio is to the value of the same round", () => {
  expect(ratios([50, 20], [100, 10])).toEqual([0.5, 2]);
  expect(() => ratios([1], [1, 2])).toThrow(RangeError);
});

test("a percentile is the value of the nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(percentile(hundred, 50)).toBe(50);
  expect(percentile(hundred, 99)).toBe(99);
  expect(percentile([1, 2, 3], 99)).toBe(3);
  expect(percentile([5], 1)).toBe(5);
});
