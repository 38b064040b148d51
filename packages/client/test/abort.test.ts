import { answerSlowly, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { deliverSecret } from "../src/index.ts";
import { problem, stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { SECRET, SIGNING_SECRET } from "./fixtures.ts";

describe("the signal option", () => {
  test("a signal that is already aborted sends nothing", async () => {
    const { url, received } = await serveLoopback(stored);
    const options = { url, signingSecret: SIGNING_SECRET, ...SECRET, signal: AbortSignal.abort() };
    const error = await failureOf(deliverSecret(options));
    expect(error).toMatchObject({ code: "aborted", outcome: "not_applied", attempts: 0 });
    expect(received).toEqual([]);
  });

  test("an abort ends the request in flight, and is not retried", async () => {
    const caller = new AbortController();
    const { url, received } = await serveLoopback(() => caller.abort());
    const { signal } = caller;
    const error = await failureOf(
      deliverSecret({ url, signingSecret: SIGNING_SECRET, ...SECRET, signal }),
    );
    expect(error).toMatchObject({ code: "aborted", outcome: "unknown", attempts: 1 });
    expect(received).toHaveLength(1);
  });

  test("an abort ends the reading of an answer", async () => {
    const caller = new AbortController();
    const { url } = await serveLoopback((response, request) => {
      answerSlowly(" ", 10)(response, request);
      setTimeout(() => caller.abort(), 200);
    });
    const { signal } = caller;
    const error = await failureOf(
      deliverSecret({ url, signingSecret: SIGNING_SECRET, ...SECRET, signal }),
    );
    expect(error).toMatchObject({ code: "aborted", outcome: "unknown", status: 200 });
  });

  test.each([
    ["not_applied", "not_applied"],
    ["unknown", "unknown"],
  ])("an abort ends the wait after an attempt with the outcome %s", async (outcome) => {
    const caller = new AbortController();
    const busy = problem(429, { code: "rate_limited", outcome }, { "retry-after": "200" });
    const { url, received } = await serveLoopback(busy, stored);
    const onRetry = () => setTimeout(() => caller.abort(), 20);
    const { signal } = caller;
    const error = await failureOf(
      deliverSecret({ url, signingSecret: SIGNING_SECRET, ...SECRET, signal, onRetry }),
    );
    expect(error).toMatchObject({ code: "aborted", outcome, attempts: 1 });
    expect(received).toHaveLength(1);
  });
});
