import { expect, test } from "vitest";
import { drawChart } from "./chart.ts";
import { priceOfMillion } from "./cost.ts";

const latency = (name: string, p50Ms: number) => ({
  name,
  added: [1, 16, 64].map(() => ({ p50Ms, p99Ms: p50Ms * 2 })),
});

test("the chart shows each contender with its figures", () => {
  const svg = drawChart([latency("hand-written", 1.25), latency("this Worker, `RECONCILE=on`", 3)]);
  expect(svg).toMatch(/^<svg /);
  for (const text of ["hand-written", "this Worker, RECONCILE=on", "1.3", "2.5", ">3<", ">6<"]) {
    expect(svg).toContain(text);
  }
});

test("rows written are most of the bill for one million deliveries", () => {
  const parts = priceOfMillion({ rowsWritten: 5, cpuMs: 1, objectSeconds: 0.15 });
  expect(parts).toEqual({
    requests: 0.3,
    cpu: 0.02,
    objectRequests: 0.15,
    objectDuration: 0.24,
    rowsWritten: 5,
  });
});
