import { expect, test } from "vitest";
import { PROBLEMS, type ProblemCode, problemType } from "./problems.ts";

const codes = Object.keys(PROBLEMS) as ProblemCode[];

test.each(codes)("the type of %s is a tag URI of its own", (code) => {
  expect(problemType(code)).toMatch(/^tag:[a-z-]+,2026:problem:[a-z_]+$/);
  expect(codes.filter((other) => problemType(other) === problemType(code))).toEqual([code]);
});

test.each(codes)(
  "%s is a 409 only if no retry can help, so that the SDKs stop retrying",
  (code) => {
    const { status, retryable } = PROBLEMS[code];
    if (status === 409) expect(retryable).toBe(false);
    if (status === 503) expect(retryable).toBe(true);
  },
);
