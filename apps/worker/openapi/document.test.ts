import { expect, test } from "vitest";
import served from "../src/openapi.json" with { type: "json" };
import { document } from "./document.ts";

test("src/openapi.json is up to date (npm run generate -w @convai-secrets/worker)", () => {
  expect(served).toEqual(JSON.parse(JSON.stringify(document)));
});
