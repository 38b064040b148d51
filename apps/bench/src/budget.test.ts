import { expect, test } from "vitest";
import { BUDGET_GZIP_BYTES, BUDGET_INSTALLED_BYTES } from "./budget.ts";
import { measureInstalled } from "./installed.ts";
import { weighBundles } from "./shipped.ts";

const bundles = new Map((await weighBundles()).map(({ name, gzipBytes }) => [name, gzipBytes]));
const installed = new Map((await measureInstalled()).map(({ name, bytes }) => [name, bytes]));

test.each(Object.entries(BUDGET_GZIP_BYTES))(
  "the bundle %s has at most %i bytes after gzip",
  (name, budget) => {
    expect(bundles.get(name)).toBeLessThanOrEqual(budget);
  },
);

test.each(Object.entries(BUDGET_INSTALLED_BYTES))(
  "an installation of %s takes at most %i bytes",
  (name, budget) => {
    expect(installed.get(name)).toBeLessThanOrEqual(budget);
  },
);
