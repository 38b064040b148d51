import type { DeliverySummary } from "@convai-secrets/protocol";
import {
  answerEndlessly,
  answerJson,
  type ServerAnswer,
  serveLoopback,
} from "@convai-secrets/testing";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { type ListDeliveriesOptions, listDeliveries } from "../src/index.ts";
import { LOST, problem } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { SIGNING_SECRET, TOKEN } from "./fixtures.ts";
import { withoutBackoff } from "./without-backoff.ts";

withoutBackoff();

/** A ledger of so many deliveries, the newest first. */
function ledger(count: number): ServerAnswer {
  return (response, request) => {
    const query = new URL(request.url, "http://ledger").searchParams;
    const newest = Math.min(count, Number(query.get("before") ?? count + 1) - 1);
    const size = Math.min(newest, Number(query.get("limit")));
    const deliveries = Array.from({ length: size }, (_, index) => delivery(newest - index));
    const oldest = newest - size + 1;
    answerJson({ deliveries, next: oldest > 1 ? String(oldest) : null })(response, request);
  };
}

function delivery(row: number): DeliverySummary {
  const at = "2026-11-24T12:00:00.000Z";
  const id = `msg_${row}`;
  const times = { created_at: at, last_seen_at: at };
  return {
    id,
    name: `N_${row}`,
    operation: "create",
    state: "stored",
    secret_id: `sec_${row}`,
    ...times,
    attempts: 1,
  };
}

async function collect(options: ListDeliveriesOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of listDeliveries(options)) ids.push(id);
  return ids;
}

const ids = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => `msg_${from - index}`);

describe("listDeliveries", () => {
  test("every page is requested, to the end of the list", async () => {
    const { url, received } = await serveLoopback(ledger(250));
    expect(await collect({ url, token: TOKEN })).toEqual(ids(250, 1));
    expect(received.map((request) => request.url)).toEqual([
      "/v1/deliveries?limit=100",
      "/v1/deliveries?limit=100&before=151",
      "/v1/deliveries?limit=100&before=51",
    ]);
  });

  test.each([
    [1, 1],
    [100, 1],
    [101, 2],
    [9_999, 3],
  ])("a list of at most %i takes %i requests", async (limit, requests) => {
    const { url, received } = await serveLoopback(ledger(250));
    const expected = ids(250, Math.max(1, 251 - limit));
    expect(await collect({ url, token: TOKEN, limit })).toEqual(expected);
    expect(received).toHaveLength(requests);
  });

  test("the list is never longer than the limit, even if a page is", async () => {
    const { url } = await serveLoopback(
      answerJson({ deliveries: [delivery(3), delivery(2), delivery(1)], next: null }),
    );
    expect(await collect({ url, token: TOKEN, limit: 2 })).toEqual(["msg_3", "msg_2"]);
  });

  test("each page is requested with a signature of its own over the empty body", async () => {
    const { url, received } = await serveLoopback(ledger(150));
    await collect({ url, signingSecret: SIGNING_SECRET });
    for (const { headers, body } of received) {
      expect(body).toBe("");
      const verify = () =>
        new Webhook(SIGNING_SECRET).verify(body, headers as Record<string, string>);
      expect(verify).not.toThrow();
    }
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
  });

  test("a lost connection is retried", async () => {
    const { url, received } = await serveLoopback(
      LOST["a dropped connection"] as ServerAnswer,
      ledger(2),
    );
    expect(await collect({ url, token: TOKEN })).toEqual(["msg_2", "msg_1"]);
    expect(received).toHaveLength(2);
  });

  test.each<[string, ServerAnswer]>([
    ["goes in circles", answerJson({ deliveries: [delivery(1)], next: "1" })],
    ["has no end that can be read", answerJson({ deliveries: [], next: "../x" })],
    ["is cut short by another answer", answerJson({ deliveries: "none", next: null })],
    ["never ends", answerEndlessly(200)],
  ])("a list that %s is an error, not a shorter list", async (_, answer) => {
    const { url } = await serveLoopback(answer);
    const error = await failureOf(collect({ url, token: TOKEN }));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "not_applied" });
  });

  test("a rejected request names the problem code", async () => {
    const { url } = await serveLoopback(problem(401, { code: "unauthenticated" }));
    const error = await failureOf(collect({ url, token: TOKEN }));
    expect(error).toMatchObject({ code: "unauthenticated", outcome: "not_applied", attempts: 1 });
  });

  test.each([0, -1, 1.5, Number.NaN])("the limit %d is a TypeError", async (limit) => {
    const listing = collect({ url: "https://a.test", token: TOKEN, limit });
    await expect(listing).rejects.toThrow(TypeError);
  });
});
