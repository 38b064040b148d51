/**
 * What may be shipped at most, in bytes after gzip, by the names of {@link weighBundles}. Unlike a
 * time, a size is the same on every machine, so CI holds to it.
 */
export const BUDGET_GZIP_BYTES = {
  "this Worker, whole": 25 * 1024,
  core: 15_000,
} as const;
