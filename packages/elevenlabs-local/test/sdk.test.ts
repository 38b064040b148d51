import { ElevenLabs, ElevenLabsClient, ElevenLabsError } from "@elevenlabs/elevenlabs-js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "../src/index.ts";

let server: ElevenLabsLocalServer;

beforeAll(async () => {
  server = await serveElevenLabsLocal();
});
beforeEach(() => server.upstream.reset());
afterAll(() => server.close());

function connect(options: { apiKey?: string; maxRetries?: number } = {}) {
  const { apiKey = "local-api-key", maxRetries = 0 } = options;
  return new ElevenLabsClient({ apiKey, maxRetries, baseUrl: server.url }).conversationalAi.secrets;
}

async function catchError(promise: PromiseLike<unknown>): Promise<ElevenLabsError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ElevenLabsError);
  return error as ElevenLabsError;
}

describe("the five operations", () => {
  test("create() returns the id and the name", async () => {
    const created = await connect().create({ name: "DB", value: "hunter2" });

    const [stored] = server.upstream.secrets();
    expect(created).toEqual({ type: "stored", secretId: stored?.secret_id, name: "DB" });
    expect(stored).toMatchObject({ name: "DB", value: "hunter2" });
  });

  test("get() and list() show the secret and what uses it, but not its value", async () => {
    const secrets = connect();
    const { secretId } = await secrets.create({ name: "DB", value: "hunter2" });
    server.upstream.setUsedBy(secretId, { tools: [{ type: "unknown", id: "tool_1" }] });

    const expected = {
      type: "stored",
      secretId,
      name: "DB",
      usedBy: {
        tools: [{ type: "unknown", id: "tool_1" }],
        agents: [],
        phoneNumbers: [],
        others: [],
      },
    };
    const listed = await secrets.list();
    expect(await secrets.get(secretId)).toMatchObject(expected);
    expect(listed.secrets).toMatchObject([expected]);
    expect(listed.nextCursor).toBeUndefined();
    expect(JSON.stringify(listed)).not.toContain("hunter2");
  });

  test("update() keeps the id and replaces name and value", async () => {
    const secrets = connect();
    const { secretId } = await secrets.create({ name: "OLD", value: "1" });

    const updated = await secrets.update(secretId, { name: "NEW", value: "2" });

    expect(updated).toEqual({ type: "stored", secretId, name: "NEW" });
    expect(server.upstream.secrets()).toMatchObject([{ name: "NEW", value: "2" }]);
    expect((await secrets.list({ search: "OLD" })).secrets).toEqual([]);
    expect((await secrets.list({ search: "NEW" })).secrets).toHaveLength(1);
  });

  test("getDependencies() lists what uses a secret", async () => {
    const secrets = connect();
    const { secretId } = await secrets.create({ name: "DB", value: "1" });
    server.upstream.setUsedBy(secretId, { tools: [{ type: "unknown", id: "tool_1" }] });

    const { dependencies, nextCursor } = await secrets.getDependencies(secretId, "tools");
    expect(dependencies).toMatchObject([{ id: "tool_1" }]);
    expect(nextCursor).toBeUndefined();
  });

  test("delete() removes the secret", async () => {
    const secrets = connect();
    const { secretId } = await secrets.create({ name: "DB", value: "1" });

    await secrets.delete(secretId);

    expect(server.upstream.secrets()).toEqual([]);
    expect(await catchError(secrets.get(secretId))).toMatchObject({ statusCode: 404 });
  });

  test("list() by prefix returns each secret once, even if some are deleted meanwhile", async () => {
    const secrets = connect();
    for (let i = 0; i < 25; i += 1) {
      await secrets.create({ name: `VAULT_${i}`, value: "1" });
      await secrets.create({ name: `OTHER_${i}`, value: "1" });
    }

    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await secrets.list({
        search: "VAULT_",
        pageSize: 10,
        ...(cursor === undefined ? {} : { cursor }),
      });
      names.push(...page.secrets.map(({ name }) => name));
      cursor = page.nextCursor;
      const last = page.secrets.at(-1);
      if (last !== undefined) await secrets.delete(last.secretId);
    } while (cursor !== undefined);

    expect(names).toHaveLength(25);
    expect(new Set(names).size).toBe(25);
    expect(names.every((name) => name.startsWith("VAULT_"))).toBe(true);
  });

  test("list() without a page size returns all secrets", async () => {
    const secrets = connect();
    for (let i = 0; i < 120; i += 1) await secrets.create({ name: "SAME", value: String(i) });

    expect((await secrets.list()).secrets).toHaveLength(120);
  });
});

describe("errors with a type in the SDK", () => {
  test("an unknown API key gets 401 invalid_api_key", async () => {
    const error = await catchError(connect({ apiKey: "wrong" }).create({ name: "A", value: "1" }));

    expect(error).toMatchObject({
      statusCode: 401,
      body: { detail: { status: "invalid_api_key", message: "Invalid API key" } },
    });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("an API key with convai_read only can list, but not create, update or delete", async () => {
    server.upstream.setApiKeys({ reader: ["convai_read"] });
    const secrets = connect({ apiKey: "reader" });

    expect((await secrets.list()).secrets).toEqual([]);
    for (const refused of [
      () => secrets.create({ name: "A", value: "1" }),
      () => secrets.update("id", { name: "A", value: "1" }),
      () => secrets.delete("id"),
    ]) {
      expect(await catchError(refused())).toMatchObject({
        statusCode: 401,
        body: {
          detail: {
            status: "missing_permissions",
            message: expect.stringContaining("missing the permission convai_write"),
          },
        },
      });
    }
  });

  test("an API key with convai_write only can create, but not list or get", async () => {
    server.upstream.setApiKeys({ writer: ["convai_write"] });
    const secrets = connect({ apiKey: "writer" });
    const { secretId } = await secrets.create({ name: "A", value: "1" });

    for (const refused of [() => secrets.list(), () => secrets.get(secretId)]) {
      expect(await catchError(refused())).toMatchObject({
        body: { detail: { message: expect.stringContaining("convai_read") } },
      });
    }
  });

  test("a rotated API key works, and the old one gets 401", async () => {
    server.upstream.setApiKeys({ rotated: ["convai_write", "convai_read"] });

    await connect({ apiKey: "rotated" }).create({ name: "A", value: "1" });
    expect(await catchError(connect().list())).toMatchObject({ statusCode: 401 });
  });

  test("an unknown id gets 404 from get, update and delete", async () => {
    const secrets = connect();
    for (const lost of [
      () => secrets.get("none"),
      () => secrets.update("none", { name: "A", value: "1" }),
      () => secrets.delete("none"),
    ]) {
      const error = await catchError(lost());
      expect(error).toMatchObject({
        statusCode: 404,
        body: { detail: { type: "not_found", code: "secret_not_found", param: "secret_id" } },
      });
      expect(error.body).toMatchObject({ detail: { request_id: error.requestId } });
    }
  });

  test("a secret in use gets 409 from delete()", async () => {
    const secrets = connect();
    const { secretId } = await secrets.create({ name: "A", value: "1" });
    server.upstream.setUsedBy(secretId, { agents: [{ type: "unknown", id: "agent_1" }] });

    expect(await catchError(secrets.delete(secretId))).toMatchObject({
      statusCode: 409,
      body: { detail: { code: "secret_in_use" } },
    });
    server.upstream.setUsedBy(secretId, {});
    await secrets.delete(secretId);
    expect(server.upstream.secrets()).toEqual([]);
  });

  test("an invalid body is an UnprocessableEntityError that echoes its input", async () => {
    const error = await catchError(
      connect().create(
        { name: "A", value: "hunter2" },
        { additionalBodyParameters: { name: { nested: true } } },
      ),
    );

    expect(error).toBeInstanceOf(ElevenLabs.UnprocessableEntityError);
    expect(error.body).toEqual({
      detail: [
        {
          type: "string_type",
          loc: ["body", "name"],
          msg: "Input should be a valid string",
          input: { nested: true },
        },
      ],
    });

    server.upstream.inject({ kind: "answer", status: 422 });
    const echo = await catchError(connect().create({ name: "A", value: "hunter2" }));
    expect(echo).toBeInstanceOf(ElevenLabs.UnprocessableEntityError);
    expect(echo.message).toContain("hunter2");
  });

  test("a page size over 100 is an UnprocessableEntityError", async () => {
    const error = await catchError(connect().list({ pageSize: 101 }));

    expect(error).toBeInstanceOf(ElevenLabs.UnprocessableEntityError);
    expect(error.body).toEqual({
      detail: [
        {
          type: "less_than_equal",
          loc: ["query", "page_size"],
          msg: "Input should be less than or equal to 100",
          input: "101",
          ctx: { le: 100 },
        },
      ],
    });
  });

  test.each(["rate_limit_exceeded", "concurrent_limit_exceeded", "system_busy"] as const)(
    "a 429 with %s has retry-after only if the fault says so",
    async (code) => {
      server.upstream.inject({ kind: "answer", status: 429, code });
      server.upstream.inject({
        kind: "answer",
        status: 429,
        code,
        headers: { "retry-after": "7" },
      });

      for (const retryAfter of [null, "7"]) {
        const error = await catchError(connect().create({ name: "A", value: "1" }));
        expect(error).toMatchObject({
          statusCode: 429,
          body: { detail: { type: "rate_limit_error", code, status: code } },
        });
        expect(error.rawResponse?.headers.get("retry-after")).toBe(retryAfter);
      }
      expect(server.upstream.secrets()).toEqual([]);
    },
  );
});

describe("two secrets with one name", () => {
  test("two secrets with one name are both stored by default, and the older one is listed first", async () => {
    const secrets = connect();
    const first = await secrets.create({ name: "A", value: "1" });
    const second = await secrets.create({ name: "A", value: "2" });

    const { secrets: listed } = await secrets.list({ search: "A" });
    expect(listed.map(({ secretId }) => secretId)).toEqual([first.secretId, second.secretId]);
  });

  test("two secrets with one name are a conflict with duplicateNames: conflict, for create() and update()", async () => {
    server.upstream.configure({ duplicateNames: "conflict" });
    const secrets = connect();
    const { secretId } = await secrets.create({ name: "A", value: "1" });
    await secrets.create({ name: "AB", value: "2" });

    const conflict = {
      statusCode: 409,
      body: { detail: { type: "conflict", code: "already_exists", param: "name" } },
    };
    expect(await catchError(secrets.create({ name: "A", value: "3" }))).toMatchObject(conflict);
    expect(await catchError(secrets.update(secretId, { name: "AB", value: "4" }))).toMatchObject(
      conflict,
    );
    await secrets.update(secretId, { name: "A", value: "5" });
    expect(server.upstream.secrets()).toMatchObject([
      { name: "A", value: "5" },
      { name: "AB", value: "2" },
    ]);
  });
});

test("one create() that gets 502 after each applied call leaves three secrets", async () => {
  server.upstream.inject({ kind: "answer", status: 502, store: true, times: Infinity });
  const withDefaultRetries = new ElevenLabsClient({
    apiKey: "local-api-key",
    baseUrl: server.url,
  });
  const error = await catchError(
    withDefaultRetries.conversationalAi.secrets.create({ name: "DB", value: "1" }),
  );

  expect(error).toMatchObject({ statusCode: 502 });
  expect(server.upstream.received().postsByName).toEqual({ DB: 3 });
  expect(server.upstream.secrets()).toHaveLength(3);
}, 15_000);
