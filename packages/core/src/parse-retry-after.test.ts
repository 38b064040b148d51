import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "./parse-retry-after.ts";

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");

  test.each([
    ["0", 0],
    ["120", 120_000],
    ["Tue, 24 Nov 2026 12:00:30 GMT", 30_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
  ])("parseRetryAfter reads %s", (header, milliseconds) => {
    expect(parseRetryAfter(header, now)).toBe(milliseconds);
  });

  test.each([
    null,
    "",
    "soon",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "9999999999",
    "Sun, soon",
    "2026-11-24",
  ])("parseRetryAfter ignores %j", (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });
});
