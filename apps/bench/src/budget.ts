/**
 * The most bytes after gzip that may be shipped, by the names of {@link weighBundles}. A size is the
 * same on every machine, so CI checks it.
 */
export const BUDGET_GZIP_BYTES = {
  "this Worker, whole": 60 * 1024,
  core: 16_000,
} as const;

/** The most bytes that an installation may take, by the names of {@link measureInstalled}. */
export const BUDGET_INSTALLED_BYTES = { client: 3_000_000, "the command": 8_000_000 } as const;
