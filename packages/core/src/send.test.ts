import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { answerJson, answerSlowly, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { failureOf } from "../test/failures.ts";
import { type CreateSecretRequest, createSecret } from "./operations/create-secret.ts";

const SECRET: CreateSecretRequest = { type: "new", name: "CRM_TOKEN", value: "hunter2" };
const STORED = { type: "stored", secret_id: "sec_1", name: "CRM_TOKEN" };

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

describe("the API key", () => {
  test.each([
    ["a string", "key-1"],
    ["a function", () => "key-1"],
    ["an async function", async () => "key-1"],
  ])("the API key is sent from %s", async (_, apiKey) => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    await createSecret(SECRET, { apiKey, baseUrl: url });
    expect(received.map(({ headers }) => headers["xi-api-key"])).toEqual(["key-1"]);
  });

  test("the API key is read again for each call, so that it can be rotated", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    let version = 0;
    const options = { apiKey: () => `key-${++version}`, baseUrl: url };
    await createSecret(SECRET, options);
    await createSecret(SECRET, options);
    expect(received.map(({ headers }) => headers["xi-api-key"])).toEqual(["key-1", "key-2"]);
  });

  test.each([
    ["a function that throws", () => raise()],
    ["a function that rejects", async () => raise()],
    ["a store without the key", () => undefined as never],
    ["a store that returns null", async () => null as never],
    ["a missing key", undefined as never],
    ["an empty key", ""],
    ["a key with a line feed at its end", "key\n"],
    ["a key that would add a header", "key\r\nx-evil: 1"],
    ["a key with white space", "a key"],
    ["a key outside ASCII", "kéy"],
    ["a key with a NUL", "key\0"],
  ])("the API key is api_key_unavailable and nothing is sent: %s", async (_, apiKey) => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const error = await failureOf(createSecret(SECRET, { apiKey, baseUrl: url }));
    expect(error).toMatchObject({ code: "api_key_unavailable", outcome: "not_applied" });
    expect(error.message).not.toContain("canary");
    expect(received).toEqual([]);
  });

  function raise(): never {
    throw new Error("canary: no such key");
  }
});

describe("a request", () => {
  test.each([408, 429, 500, 502, 503, 504])(
    "a request is not repeated after a %i",
    async (status) => {
      const { url, received } = await serveLoopback(answerJson({}, status, { "retry-after": "0" }));
      await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
      expect(received).toHaveLength(1);
    },
  );

  test("a request is not repeated after a lost connection that was reused", async () => {
    const { url, received } = await serveLoopback((response, request) => {
      if (received.length === 1) answerJson(STORED)(response, request);
      else response.destroy();
    });
    const options = { apiKey: "key", baseUrl: url };
    await createSecret(SECRET, options);
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown", status: undefined });
    expect(received).toHaveLength(2);
  });

  test.each([301, 302, 303, 307, 308])(
    "a request does not follow a %i, which would send the API key along",
    async (status) => {
      const elsewhere = await serveLoopback(answerJson(STORED));
      const { url, received } = await serveLoopback(
        answerJson({}, status, { location: `${elsewhere.url}/v1/convai/secrets` }),
      );
      const error = await failureOf(createSecret(SECRET, { apiKey: "key", baseUrl: url }));
      expect(error).toMatchObject({ code: "failed", outcome: "unknown", status });
      expect(received).toHaveLength(1);
      expect(elsewhere.received).toEqual([]);
    },
  );
});

describe("fetch", () => {
  test("the option fetch can be given by the caller, and is called without a receiver", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const own = vi.fn(function (this: unknown, ...args: Parameters<typeof fetch>) {
      // A browser's and a Worker's fetch refuse any other receiver.
      if (this !== undefined) throw new TypeError("Illegal invocation");
      return fetch(...args);
    });
    await expect(
      createSecret(SECRET, { apiKey: "key", baseUrl: url, fetch: own }),
    ).resolves.toEqual(STORED);
    expect(own).toHaveBeenCalledTimes(1);
    expect(received).toHaveLength(1);
  });

  test.each([
    ["throws", () => Promise.reject(new Error("canary"))],
    ["throws at once", () => raise()],
    ["returns nothing", async () => undefined as never],
    ["returns another object", async () => ({ ok: true }) as never],
  ])("a fetch that %s leaves the outcome unknown", async (_, own) => {
    const error = await failureOf(createSecret(SECRET, { apiKey: "key", fetch: own }));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
  });

  function raise(): never {
    throw new Error("canary");
  }
});

describe("the time limit", () => {
  test("the time limit covers the wait for the headers", async () => {
    const { url, received } = await serveLoopback(() => {});
    const options = { apiKey: "key", baseUrl: url, timeoutMs: 500 };
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "timed_out", outcome: "unknown", status: undefined });
    expect(received).toHaveLength(1);
  });

  test.each([{}, { "content-length": "1000" }])(
    "the time limit covers a slow body, with garbage collection meanwhile: %j",
    async (headers) => {
      const { url } = await serveLoopback(answerSlowly(" ", 10, headers));
      const collecting = setInterval(collectGarbage, 50);
      onTestFinished(() => clearInterval(collecting));
      const options = { apiKey: "key", baseUrl: url, timeoutMs: 2_000 };
      const error = await failureOf(createSecret(SECRET, options));
      expect(error).toMatchObject({ code: "timed_out", outcome: "unknown", status: 200 });
    },
  );

  test("the time limit covers a key store that never responds, and then nothing was sent", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const apiKey = () => new Promise<string>(() => {});
    const error = await failureOf(createSecret(SECRET, { apiKey, baseUrl: url, timeoutMs: 50 }));
    expect(error).toMatchObject({ code: "timed_out", outcome: "not_applied" });
    expect(received).toEqual([]);
  });

  test("the time limit covers an error body that never ends, which then proves nothing", async () => {
    const { url } = await serveLoopback((response) => {
      response.writeHead(422).write("{");
    });
    const options = { apiKey: "key", baseUrl: url, timeoutMs: 500 };
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "timed_out", outcome: "unknown", status: 422 });
  });
});

describe("the caller's signal", () => {
  test("a signal that is aborted already sends nothing and reads no API key", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const apiKey = vi.fn(() => "key");
    const options = { apiKey, baseUrl: url, signal: AbortSignal.abort("canary") };
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "aborted", outcome: "not_applied" });
    expect(apiKey).not.toHaveBeenCalled();
    expect(received).toEqual([]);
  });

  test("the caller's signal aborts the wait for the key", async () => {
    const caller = new AbortController();
    const apiKey = () => {
      setTimeout(() => caller.abort(), 20);
      return new Promise<string>(() => {});
    };
    const error = await failureOf(createSecret(SECRET, { apiKey, signal: caller.signal }));
    expect(error).toMatchObject({ code: "aborted", outcome: "not_applied" });
  });

  test("a signal that aborts while the API key is read sends nothing", async () => {
    const { url, received } = await serveLoopback(answerJson(STORED));
    const caller = new AbortController();
    const apiKey = () => {
      caller.abort();
      return "key";
    };
    const options = { apiKey, baseUrl: url, signal: caller.signal };
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "aborted", outcome: "not_applied" });
    expect(received).toEqual([]);
  });

  test("the caller's signal aborts the wait for the headers", async () => {
    const caller = new AbortController();
    const { url } = await serveLoopback(() => caller.abort());
    const options = { apiKey: "key", baseUrl: url, signal: caller.signal };
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "aborted", outcome: "unknown" });
  });

  test("the caller's signal aborts the reading of the body", async () => {
    const caller = new AbortController();
    const { url } = await serveLoopback((response, request) => {
      answerSlowly(" ", 10, {})(response, request);
      setTimeout(() => caller.abort(), 400);
    });
    const options = { apiKey: "key", baseUrl: url, signal: caller.signal };
    const error = await failureOf(createSecret(SECRET, options));
    expect(error).toMatchObject({ code: "aborted", outcome: "unknown", status: 200 });
  });
});
