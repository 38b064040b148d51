import { expect, test } from "vitest";
import { parseCpuSeconds, readCpuSeconds, readResidentBytes } from "./process-usage.ts";

test("CPU time is the sum of user and system time, even if the program's name looks like fields", () => {
  const rest = "S 1 1 1 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 1 1 1";
  expect(parseCpuSeconds(`42 (a) 9 (b) ${rest}`)).toBe(3);
});

test("a working process uses CPU time and memory", async () => {
  const before = await readCpuSeconds(process.pid);
  while ((await readCpuSeconds(process.pid)) < before + 0.05);
  expect(await readResidentBytes(process.pid)).toBeGreaterThan(1e6);
});
