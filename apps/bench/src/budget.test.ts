import { expect, test } from "vitest";
import { BUDGET_GZIP_BYTES } from "./budget.ts";
import { type Shipped, weighBundles } from "./shipped.ts";

const shipped = new Map((await weighBundles()).map((bundle) => [bundle.name, bundle]));
const find = (name: string) => shipped.get(name) as Shipped;

test.each(Object.entries(BUDGET_GZIP_BYTES))(
  "%s is at most %i bytes after gzip",
  (name, budget) => {
    expect(find(name).gzipBytes).toBeLessThanOrEqual(budget);
  },
);

test("the whole Worker is smaller than one with hono and zod, and than one around the SDK", () => {
  const { gzipBytes } = find("this Worker, whole");
  expect(gzipBytes).toBeLessThan(find("a Worker with hono and zod").gzipBytes);
  expect(gzipBytes).toBeLessThan(find("a Worker around the official SDK").gzipBytes / 10);
});
