import { expect, test } from "vitest";
import { markRun, runProgram } from "./program.js";

test("the demo goes as promised, ends with 0, shows no value, and leaves nothing running", async () => {
  const { env, listLeft } = markRun();
  const demo = runProgram("demo", env);
  expect(await demo.ended()).toBe(0);
  expect(demo.output()).toContain("All as promised, of 6.");
  expect(demo.output()).not.toMatch(/cs_|whsec_|local_|"value":"[^…]/);
  expect(await listLeft()).toEqual([]);
});

test("an interrupted demo ends with 130 and leaves nothing running", async () => {
  const { env, listLeft } = markRun();
  const demo = runProgram("demo", env);
  await demo.until("Starting");
  demo.child.kill("SIGINT");
  expect(await demo.ended()).toBe(130);
  expect(await listLeft()).toEqual([]);
});
