import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { type Delivery, type ListDeliveriesOptions, listDeliveries } from "../src/index.ts";
import { answerJson, flood, LOST, problem } from "./answers.ts";
import { failureOf } from "./failures.ts";
import { SENDER_KEY, TOKEN } from "./fixtures.ts";
import { type Answer, serve } from "./loopback.ts";

/** A ledger of so many deliveries, the newest first. */
function ledger(count: number): Answer {
  return (response, request) => {
    const query = new URL(request.url, "http://ledger").searchParams;
    const newest = Math.min(count, Number(query.get("before") ?? count + 1) - 1);
    const size = Math.min(newest, Number(query.get("limit")));
    const deliveries = Array.from({ length: size }, (_, index) => delivery(newest - index));
    const oldest = newest - size + 1;
    answerJson({ deliveries, next: oldest > 1 ? String(oldest) : null })(response, request);
  };
}

function delivery(row: number): Delivery {
  const at = "2026-11-24T12:00:00.000Z";
  const id = `msg_${row}`;
  const times = { created_at: at, last_seen_at: at };
  return { id, name: `N_${row}`, state: "stored", secret_id: `sec_${row}`, ...times, attempts: 1 };
}

async function collect(options: ListDeliveriesOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of listDeliveries(options)) ids.push(id);
  return ids;
}

const ids = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => `msg_${from - index}`);

describe("a list of deliveries", () => {
  test("is read page by page, to its end", async () => {
    const { url, received } = await serve(ledger(250));
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
  ])("of at most %i is read in %i requests", async (limit, requests) => {
    const { url, received } = await serve(ledger(250));
    const expected = ids(250, Math.max(1, 251 - limit));
    expect(await collect({ url, token: TOKEN, limit })).toEqual(expected);
    expect(received).toHaveLength(requests);
  });

  test("is never longer than asked, whatever the server gives", async () => {
    const { url } = await serve(
      answerJson({ deliveries: [delivery(3), delivery(2), delivery(1)], next: null }),
    );
    expect(await collect({ url, token: TOKEN, limit: 2 })).toEqual(["msg_3", "msg_2"]);
  });

  test("is asked for by a signature over the empty body, each page by its own", async () => {
    const { url, received } = await serve(ledger(150));
    await collect({ url, senderKey: SENDER_KEY });
    for (const { headers, body } of received) {
      expect(body).toBe("");
      const verify = () => new Webhook(SENDER_KEY).verify(body, headers as Record<string, string>);
      expect(verify).not.toThrow();
    }
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
  });

  test("outlives a lost connection", async () => {
    const { url, received } = await serve(LOST["a dropped connection"] as Answer, ledger(2));
    expect(await collect({ url, token: TOKEN })).toEqual(["msg_2", "msg_1"]);
    expect(received).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["goes in circles", answerJson({ deliveries: [delivery(1)], next: "1" })],
    ["has no end that can be read", answerJson({ deliveries: [], next: "../x" })],
    ["is cut short by another answer", answerJson({ deliveries: "none", next: null })],
    ["never ends", flood(200)],
  ])("that %s is an error, and no shorter list", async (_, answer) => {
    const { url } = await serve(answer);
    const error = await failureOf(collect({ url, token: TOKEN }));
    expect(error).toMatchObject({ code: "unreadable_answer", outcome: "not_created" });
  });

  test("that is refused tells why", async () => {
    const { url } = await serve(problem(401, { code: "unauthenticated" }));
    const error = await failureOf(collect({ url, token: TOKEN }));
    expect(error).toMatchObject({ code: "unauthenticated", outcome: "not_created", attempts: 1 });
  });

  test.each([0, -1, 1.5, Number.NaN])("of %d is a mistake of the program", async (limit) => {
    const listing = collect({ url: "https://a.test", token: TOKEN, limit });
    await expect(listing).rejects.toThrow(TypeError);
  });
});
