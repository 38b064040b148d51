import { afterAll, expect } from "vitest";
import { STRAYS_URL } from "./fixtures.js";

afterAll(async () => {
  const strays = await (await fetch(STRAYS_URL)).json();
  expect(strays, "requests that no test expects").toEqual([]);
});
