import { expect, test } from "vitest";
import { measureInstalled } from "./installed.ts";

test("core installs little more than ky and valibot, and a fraction of the official SDK", async () => {
  const installed = new Map((await measureInstalled()).map((one) => [one.name, one]));
  const core = installed.get("core");
  const bytes = (name: string) => installed.get(name)?.bytes ?? Number.NaN;
  expect(core?.packages).toBe(3);
  expect(core?.bytes).toBeLessThan(bytes("ky and valibot themselves") * 1.2);
  expect(core?.bytes).toBeLessThan(bytes("the official SDK") / 5);
});
