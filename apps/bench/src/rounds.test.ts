import { expect, test } from "vitest";
import { sumUp } from "./rounds.ts";

const measured = (requestsPerSecond: number, p99Ms: number) => ({
  requestsPerSecond,
  p99Ms,
  p50Ms: 1,
  cpuSecondsPer1000: 0.2,
  residentBytes: 1e8,
});

test("a round in which the whole machine is slow does not change a ratio", () => {
  const base = [measured(6000, 4), measured(2000, 12), measured(4000, 6)];
  const half = [measured(3000, 8), measured(1000, 24), measured(2000, 12)];
  const result = sumUp({ name: "half", connections: 16 }, half, base);
  expect(result.ratio.requestsPerSecond).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  expect(result.ratio.p99Ms).toEqual({ median: 2, min: 2, max: 2 });
  expect(result.requestsPerSecond).toEqual({ median: 2000, min: 1000, max: 3000 });
});
