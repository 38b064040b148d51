import { expect, test } from "vitest";
import { parseActiveMs } from "./start-up.ts";

test("the start-up time is the active one of Wrangler's profile", () => {
  expect(parseActiveMs("│   Active: 12.5 ms (including 0.0 ms garbage collection)")).toBe(12.5);
  expect(() => parseActiveMs("Active: unknown")).toThrow("no active time");
});
