import { setTimeout as wait } from "node:timers/promises";
import {
  answerJson,
  answerSlowly,
  type ServerAnswer,
  serveLoopback,
} from "@convai-secrets/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { failureOf, UNKNOWABLE } from "../../test/failures.ts";
import type { StoredSecret } from "../stored-secret.ts";
import { listSecrets, type UnreadableSecret } from "./list-secrets.ts";

function secret(id: number) {
  return { type: "stored", secret_id: `sec_${id}`, name: `NAME_${id}` };
}

/** Responds to each request with the next page, and then always with the last. */
function pages(...bodies: unknown[]): ServerAnswer {
  let next = 0;
  return (response, request) => {
    answerJson(bodies[Math.min(next++, bodies.length - 1)])(response, request);
  };
}

async function collect(iterable: AsyncIterable<StoredSecret>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { secret_id } of iterable) ids.push(secret_id);
  return ids;
}

function queriesOf(received: { url: string }[]) {
  return received.map(({ url }) =>
    Object.fromEntries(new URL(url, "http://localhost").searchParams),
  );
}

describe("listSecrets", () => {
  test("listSecrets requests pages of 100 with one dependent each", async () => {
    const { url, received } = await serveLoopback(answerJson({ secrets: [] }));
    expect(await collect(listSecrets({ apiKey: "key", baseUrl: url }))).toEqual([]);
    expect(received).toMatchObject([
      {
        method: "GET",
        url: "/v1/convai/secrets?page_size=100&dependency_limit=1",
        headers: { "xi-api-key": "key" },
        body: "",
      },
    ]);
  });

  test("listSecrets sends search and page size with every page, and the cursor it received", async () => {
    const { url, received } = await serveLoopback(
      pages(
        { secrets: [secret(1)], next_cursor: "a&b=c +/é", has_more: true },
        { secrets: [secret(2)], has_more: false, next_cursor: null },
      ),
    );
    const options = { apiKey: "key", baseUrl: url, search: "CRM_&x=1", pageSize: 1 };
    expect(await collect(listSecrets(options))).toEqual(["sec_1", "sec_2"]);
    expect(queriesOf(received)).toEqual([
      { search: "CRM_&x=1", page_size: "1", dependency_limit: "1" },
      { search: "CRM_&x=1", page_size: "1", dependency_limit: "1", cursor: "a&b=c +/é" },
    ]);
  });

  test("listSecrets requests a page only when it is reached", async () => {
    const { url, received } = await serveLoopback(
      pages({ secrets: [secret(1), secret(2)], next_cursor: "a" }, { secrets: [secret(3)] }),
    );
    const secrets = listSecrets({ apiKey: "key", baseUrl: url });
    expect(received).toHaveLength(0);
    await secrets.next();
    await secrets.next();
    await wait(20);
    expect(received).toHaveLength(1);
    expect((await secrets.next()).value).toEqual(secret(3));
    expect(received).toHaveLength(2);
    expect((await secrets.next()).done).toBe(true);
  });

  test("listSecrets sends no request after the reader stops", async () => {
    const { url, received } = await serveLoopback(
      pages({ secrets: [secret(1)], next_cursor: "a" }),
    );
    for await (const _ of listSecrets({ apiKey: "key", baseUrl: url })) break;
    expect(received).toHaveLength(1);
  });

  test.each([
    ["has_more is false, whatever the cursor", { has_more: false, next_cursor: "a" }],
    ["there is no cursor", {}],
    ["the cursor is null", { next_cursor: null }],
    ["the cursor is empty", { next_cursor: "" }],
  ])("listSecrets ends when %s", async (_, end) => {
    const { url, received } = await serveLoopback(answerJson({ secrets: [secret(1)], ...end }));
    expect(await collect(listSecrets({ apiKey: "key", baseUrl: url }))).toEqual(["sec_1"]);
    expect(received).toHaveLength(1);
  });

  test.each([
    ["more pages without a cursor", [{ secrets: [], has_more: true }]],
    ["the same cursor again", [{ secrets: [], has_more: true, next_cursor: "a" }]],
    [
      "a cycle of two cursors",
      ["a", "b", "a", "b", "a", "b"].map((next_cursor) => ({ secrets: [], next_cursor })),
    ],
  ])(
    "listSecrets fails, and does not return part of a list or run without end: %s",
    async (_, bodies) => {
      const { url, received } = await serveLoopback(pages(...bodies));
      const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
      expect(error).toMatchObject({ code: "failed", outcome: "not_applied" });
      expect(received.length).toBeLessThan(6);
    },
  );

  test("listSecrets returns secrets without fields that the API adds", async () => {
    const { url } = await serveLoopback(
      answerJson({ secrets: [{ ...secret(1), used_by: {}, value: 1 }] }),
    );
    const { value } = await listSecrets({ apiKey: "key", baseUrl: url }).next();
    expect(value).toStrictEqual(secret(1));
  });

  test.each([
    ["secrets that are no array", { secrets: {} }],
    ["no secrets", {}],
    ["a cursor of 5,000 characters", { secrets: [], next_cursor: "c".repeat(5_000) }],
    ["a cursor that is a number", { secrets: [], next_cursor: 1 }],
    ["has_more as text", { secrets: [], has_more: "false" }],
  ])("listSecrets fails on a page with %s", async (_, page) => {
    const { url } = await serveLoopback(answerJson(page));
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code: "failed", outcome: "not_applied", status: 200 });
  });

  test.each(Object.entries(UNKNOWABLE))(
    "listSecrets fails after %s with one request, and the outcome is not_applied",
    async (_, answer) => {
      const { url, received } = await serveLoopback(answer);
      const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
      expect(error).toMatchObject({ code: "failed", outcome: "not_applied" });
      expect(received).toHaveLength(1);
    },
  );

  test.each([
    [401, { detail: { status: "invalid_api_key" } }, "api_key_refused"],
    [401, { detail: { status: "missing_permissions" } }, "api_key_refused"],
    [403, {}, "failed"],
    [429, {}, "failed"],
    [404, { detail: { status: "not_found" } }, "failed"],
    [429, { detail: { status: "system_busy" } }, "rate_limited"],
  ])("a listing that gets %i with %j fails with %s", async (status, body, code) => {
    const { url } = await serveLoopback(answerJson(body, status));
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code, status });
  });

  test("items that cannot be read are reported with their name, and the others are returned", async () => {
    const items = [
      secret(1),
      { ...secret(2), type: "managed" },
      { ...secret(3), secret_id: null },
      { ...secret(4), secret_id: "sec_1\r\n" },
      { ...secret(5), secret_id: "key" },
      { ...secret(6), name: null },
      null,
      "sec_8",
      secret(9),
    ];
    const { url } = await serveLoopback(answerJson({ secrets: items }));
    const unreadable: UnreadableSecret[] = [];
    const onUnreadable = (item: UnreadableSecret) => unreadable.push(item);
    const ids = await collect(listSecrets({ apiKey: "key", baseUrl: url, onUnreadable }));
    expect(ids).toEqual(["sec_1", "sec_9"]);
    expect(unreadable).toEqual([
      ...["NAME_2", "NAME_3", "NAME_4", "NAME_5"].map((name) => ({ name })),
      ...[6, 7, 8].map(() => ({ name: undefined })),
    ]);
  });

  test("items that cannot be read are skipped without onUnreadable", async () => {
    const { url } = await serveLoopback(answerJson({ secrets: [{}, secret(2)] }));
    expect(await collect(listSecrets({ apiKey: "key", baseUrl: url }))).toEqual(["sec_2"]);
  });

  test("a long cycle of cursors ends the listing", async () => {
    const cycle = Array.from({ length: 40 }, (_, index) => `c${index}`);
    let next = 0;
    const { url, received } = await serveLoopback((response, request) => {
      const next_cursor = next < 5 ? `start${next}` : cycle[(next - 5) % cycle.length];
      next += 1;
      answerJson({ secrets: [], next_cursor })(response, request);
    });
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code: "failed", outcome: "not_applied" });
    expect(received.length).toBeLessThan(150);
  });

  test.each([0, 101, 1.5, -1, Number.NaN])(
    "listSecrets throws a TypeError for pageSize %d",
    async (pageSize) => {
      await expect(collect(listSecrets({ apiKey: "key", pageSize }))).rejects.toThrow(TypeError);
    },
  );

  test("timeoutMs limits each page, and signal the whole listing", async () => {
    const slow = await serveLoopback(answerSlowly(" ", 10, {}));
    const options = { apiKey: "key", baseUrl: slow.url, timeoutMs: 100 };
    expect(await failureOf(collect(listSecrets(options)))).toMatchObject({ code: "timed_out" });

    const caller = new AbortController();
    const { url, received } = await serveLoopback(
      pages({ secrets: [secret(1)], next_cursor: "a" }),
    );
    const secrets = listSecrets({ apiKey: "key", baseUrl: url, signal: caller.signal });
    await secrets.next();
    caller.abort();
    expect(await failureOf(secrets.next())).toMatchObject({ code: "aborted" });
    expect(received).toHaveLength(1);
  });

  test("listSecrets yields stored secrets", () => {
    expectTypeOf(listSecrets).returns.toEqualTypeOf<AsyncGenerator<StoredSecret, void, void>>();
  });
});
