import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, expectTypeOf, test } from "vitest";
import { failureOf, trickle, UNKNOWABLE } from "../test/failures.ts";
import { type Answer, answerJson, serve } from "../test/loopback.ts";
import { listSecrets } from "./list-secrets.ts";
import type { StoredSecret } from "./stored-secret.ts";

function secret(id: number) {
  return { type: "stored", secret_id: `sec_${id}`, name: `NAME_${id}` };
}

/** Answers each request with the next page, and for ever with the last. */
function pages(...bodies: unknown[]): Answer {
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
  test("asks with the key for pages of 100", async () => {
    const { url, received } = await serve(answerJson({ secrets: [] }));
    expect(await collect(listSecrets({ apiKey: "key", baseUrl: url }))).toEqual([]);
    expect(received).toMatchObject([
      {
        method: "GET",
        url: "/v1/convai/secrets?page_size=100",
        headers: { "xi-api-key": "key" },
        body: "",
      },
    ]);
  });

  test("sends search and page size on every page, and the cursor it was given", async () => {
    const { url, received } = await serve(
      pages(
        { secrets: [secret(1)], next_cursor: "a&b=c +/é", has_more: true },
        { secrets: [secret(2)], has_more: false, next_cursor: null },
      ),
    );
    const options = { apiKey: "key", baseUrl: url, search: "CRM_&x=1", pageSize: 1 };
    expect(await collect(listSecrets(options))).toEqual(["sec_1", "sec_2"]);
    expect(queriesOf(received)).toEqual([
      { search: "CRM_&x=1", page_size: "1" },
      { search: "CRM_&x=1", page_size: "1", cursor: "a&b=c +/é" },
    ]);
  });

  test("asks for nothing until it is read, and for the next page only when it is reached", async () => {
    const { url, received } = await serve(
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

  test("asks no more once the reader leaves", async () => {
    const { url, received } = await serve(pages({ secrets: [secret(1)], next_cursor: "a" }));
    for await (const _ of listSecrets({ apiKey: "key", baseUrl: url })) break;
    expect(received).toHaveLength(1);
  });

  test.each([
    ["has_more is false, whatever the cursor", { has_more: false, next_cursor: "a" }],
    ["there is no cursor", {}],
    ["the cursor is null", { next_cursor: null }],
    ["the cursor is empty", { next_cursor: "" }],
  ])("ends when %s", async (_, end) => {
    const { url, received } = await serve(answerJson({ secrets: [secret(1)], ...end }));
    expect(await collect(listSecrets({ apiKey: "key", baseUrl: url }))).toEqual(["sec_1"]);
    expect(received).toHaveLength(1);
  });

  test.each([
    ["more without a cursor", [{ secrets: [], has_more: true }]],
    ["the same cursor twice", [{ secrets: [], has_more: true, next_cursor: "a" }]],
    [
      "cursors in a circle",
      ["a", "b", "a", "b"].map((next_cursor) => ({ secrets: [], next_cursor })),
    ],
  ])("fails rather than give part of a list or go on for ever: %s", async (_, bodies) => {
    const { url, received } = await serve(pages(...bodies));
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code: "failed", outcome: "not_created" });
    expect(received.length).toBeLessThan(4);
  });

  test("gives a page's secrets without what the API adds", async () => {
    const { url } = await serve(answerJson({ secrets: [{ ...secret(1), used_by: {}, value: 1 }] }));
    const { value } = await listSecrets({ apiKey: "key", baseUrl: url }).next();
    expect(value).toStrictEqual(secret(1));
  });

  test.each([
    ["secrets that are no array", { secrets: {} }],
    ["no secrets", {}],
    ["a secret without an id", { secrets: [secret(1), { ...secret(2), secret_id: null }] }],
    ["a cursor that is a number", { secrets: [], next_cursor: 1 }],
    ["has_more as text", { secrets: [], has_more: "false" }],
  ])("fails on a page with %s", async (_, page) => {
    const { url } = await serve(answerJson(page));
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code: "failed", outcome: "not_created", status: 200 });
  });

  test.each(Object.entries(UNKNOWABLE))(
    "fails after %s, asks once, and has created nothing",
    async (_, answer) => {
      const { url, received } = await serve(answer);
      const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
      expect(error).toMatchObject({ code: "failed", outcome: "not_created" });
      expect(received).toHaveLength(1);
    },
  );

  test.each([
    [401, { detail: { status: "invalid_api_key" } }, "api_key_invalid"],
    [401, { detail: { status: "missing_permissions" } }, "permission_missing"],
    [403, {}, "permission_missing"],
    [429, {}, "rate_limited"],
    [422, {}, "rejected"],
  ])("%i with %j fails with a code", async (status, body, code) => {
    const { url } = await serve(answerJson(body, status));
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code, status });
  });

  test("gives no page that says the key back as an id", async () => {
    const page = { secrets: [secret(1), { ...secret(2), secret_id: "key" }] };
    const { url } = await serve(answerJson(page));
    const error = await failureOf(collect(listSecrets({ apiKey: "key", baseUrl: url })));
    expect(error).toMatchObject({ code: "failed", outcome: "not_created", status: 200 });
  });

  test.each([0, 101, 1.5, -1, Number.NaN])(
    "throws a TypeError for pageSize %d",
    async (pageSize) => {
      await expect(collect(listSecrets({ apiKey: "key", pageSize }))).rejects.toThrow(TypeError);
    },
  );

  test("has a time limit for each page, and a signal for the whole", async () => {
    const slow = await serve(trickle(" ", 10, {}));
    const options = { apiKey: "key", baseUrl: slow.url, timeoutMs: 100 };
    expect(await failureOf(collect(listSecrets(options)))).toMatchObject({ code: "timed_out" });

    const caller = new AbortController();
    const { url, received } = await serve(pages({ secrets: [secret(1)], next_cursor: "a" }));
    const secrets = listSecrets({ apiKey: "key", baseUrl: url, signal: caller.signal });
    await secrets.next();
    caller.abort();
    expect(await failureOf(secrets.next())).toMatchObject({ code: "aborted" });
    expect(received).toHaveLength(1);
  });

  test("yields stored secrets", () => {
    expectTypeOf(listSecrets).returns.toEqualTypeOf<AsyncGenerator<StoredSecret, void, void>>();
  });
});
