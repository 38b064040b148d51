import { expect, test } from "vitest";
import { parseCpuSeconds, readCpuSeconds, readResidentBytes } from "./process-usage.ts";

test("CPU time is user and system time, also of a program whose name looks like fields", () => {
  const rest = "S 1 1 1 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 1 1 1";
  expect(parseCpuSeconds(`42 (a) 9 (b) ${rest}`)).toBe(3);
});

test("a process that works uses CPU time, and holds memory", async () => {
  const before = await readCpuSeconds(process.pid);
  while ((await readCpuSeconds(process.pid)) < before + 0.05);
  expect(await readResidentBytes(process.pid)).toBeGreaterThan(1e6);
});
