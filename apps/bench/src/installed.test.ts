import { expect, test } from "vitest";
import { measureInstalled } from "./installed.ts";

test("core installs little more than ky and valibot, and a fraction of the official SDK", async () => {
  const [libraries, core, sdk] = await measureInstalled();
  expect(core?.packages).toBe(3);
  expect(core?.bytes).toBeLessThan((libraries?.bytes ?? 0) * 1.2);
  expect(core?.bytes).toBeLessThan((sdk?.bytes ?? 0) / 5);
});
