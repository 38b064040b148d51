import { describe, expect, test } from "vitest";
import { deliverSecret } from "../src/index.ts";
import { problem, stored, trickle } from "./answers.ts";
import { failureOf } from "./failures.ts";
import { SECRET, SENDER_KEY } from "./fixtures.ts";
import { serve } from "./loopback.ts";

describe("the caller's signal", () => {
  test("sends nothing if it is aborted already", async () => {
    const { url, received } = await serve(stored);
    const options = { url, senderKey: SENDER_KEY, ...SECRET, signal: AbortSignal.abort() };
    const error = await failureOf(deliverSecret(options));
    expect(error).toMatchObject({ code: "aborted", outcome: "not_created", attempts: 0 });
    expect(received).toEqual([]);
  });

  test("ends a request that is out, and is no reason to try again", async () => {
    const caller = new AbortController();
    const { url, received } = await serve(() => caller.abort());
    const { signal } = caller;
    const error = await failureOf(deliverSecret({ url, senderKey: SENDER_KEY, ...SECRET, signal }));
    expect(error).toMatchObject({ code: "aborted", outcome: "unknown", attempts: 1 });
    expect(received).toHaveLength(1);
  });

  test("ends the reading of an answer", async () => {
    const caller = new AbortController();
    const { url } = await serve((response, request) => {
      trickle(" ", 10)(response, request);
      setTimeout(() => caller.abort(), 200);
    });
    const { signal } = caller;
    const error = await failureOf(deliverSecret({ url, senderKey: SENDER_KEY, ...SECRET, signal }));
    expect(error).toMatchObject({ code: "aborted", outcome: "unknown", status: 200 });
  });

  test.each([
    ["not_created", "not_created"],
    ["unknown", "unknown"],
  ])("ends a wait, after an attempt whose outcome is %s", async (outcome) => {
    const caller = new AbortController();
    const busy = problem(429, { code: "rate_limited", outcome }, { "retry-after": "200" });
    const { url, received } = await serve(busy, stored);
    const onRetry = () => setTimeout(() => caller.abort(), 20);
    const { signal } = caller;
    const error = await failureOf(
      deliverSecret({ url, senderKey: SENDER_KEY, ...SECRET, signal, onRetry }),
    );
    expect(error).toMatchObject({ code: "aborted", outcome, attempts: 1 });
    expect(received).toHaveLength(1);
  });
});
