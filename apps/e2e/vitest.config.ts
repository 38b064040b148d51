import { defineConfig } from "vitest/config";

const isSoak = process.env["SOAK"] === "1";

export default defineConfig({
  test: {
    globalSetup: ["@convai-secrets/testing/provide-seed"],
    silent: "passed-only",
    testTimeout: isSoak ? 1_800_000 : 180_000,
    hookTimeout: 60_000,
  },
});
