import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { BaseUrlSchema, DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "./base-url.ts";

describe("BaseUrlSchema", () => {
  test.each([
    ["https://api.elevenlabs.io", "https://api.elevenlabs.io"],
    ["https://api.elevenlabs.io/", "https://api.elevenlabs.io"],
    ["https://gateway.example/eleven/labs//", "https://gateway.example/eleven/labs"],
    ["https://gateway.example:8443", "https://gateway.example:8443"],
    ["http://localhost:4010", "http://localhost:4010"],
    ["http://127.0.0.1:4010", "http://127.0.0.1:4010"],
    ["http://127.1", "http://127.0.0.1"],
    ["http://[::1]:4010", "http://[::1]:4010"],
  ])("BaseUrlSchema accepts %s", (input, output) => {
    expect(v.parse(BaseUrlSchema, input)).toBe(output);
  });

  test.each([DEFAULT_BASE_URL, ...Object.values(RESIDENCY_BASE_URLS)])(
    "BaseUrlSchema keeps the constant %s",
    (url) => {
      expect(v.parse(BaseUrlSchema, url)).toBe(url);
    },
  );

  test.each([
    ["", "must be an absolute URL"],
    ["api.elevenlabs.io", "must be an absolute URL"],
    ["/v1", "must be an absolute URL"],
    [undefined, "must be a string"],
    [new URL("https://api.elevenlabs.io"), "must be a string"],
    ["http://api.elevenlabs.io", "must use https unless its host is loopback"],
    ["http://localhost.example", "must use https unless its host is loopback"],
    ["http://127.0.0.1.example", "must use https unless its host is loopback"],
    ["http://10.0.0.1", "must use https unless its host is loopback"],
    ["ftp://localhost", "must use https unless its host is loopback"],
    ["https://user:pass@api.elevenlabs.io", "must not contain user info, a query or a fragment"],
    ["https://user@api.elevenlabs.io", "must not contain user info, a query or a fragment"],
    ["https://api.elevenlabs.io?a=b", "must not contain user info, a query or a fragment"],
    ["https://api.elevenlabs.io#a", "must not contain user info, a query or a fragment"],
  ])("BaseUrlSchema rejects %s", (input, message) => {
    const result = v.safeParse(BaseUrlSchema, input);
    expect(result.issues?.map((issue) => issue.message)).toEqual([message]);
  });
});
