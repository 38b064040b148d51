import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ElevenLabsLocalServer, type Fault, serveElevenLabsLocal } from "../src/index.ts";

let server: ElevenLabsLocalServer;

beforeAll(async () => {
  server = await serveElevenLabsLocal();
});
beforeEach(() => server.upstream.reset());
afterAll(() => server.close());

/** Longer than a response takes on a busy machine. */
const LATE_MS = 1_000;
const AFTER_LATE = { timeout: 5 * LATE_MS };

const HEADERS = { "xi-api-key": "local-api-key", "content-type": "application/json" };

function create(name = "DB", init: RequestInit = {}) {
  return fetch(`${server.url}/v1/convai/secrets`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ type: "new", name, value: "hunter2" }),
    redirect: "manual",
    ...init,
  });
}

function update(secretId: string, value: string, name = "DB") {
  return fetch(`${server.url}/v1/convai/secrets/${secretId}`, {
    method: "PATCH",
    headers: HEADERS,
    body: JSON.stringify({ type: "update", name, value }),
    redirect: "manual",
  });
}

/** The number of creates that arrived, and of stored secrets. */
function countPostsAndSecrets() {
  const { upstream } = server;
  return { posts: upstream.received().POST, secrets: upstream.secrets().length };
}

async function settle(promise: Promise<Response>) {
  const response = await promise;
  await response.text();
}

describe("a fault instead of the response", () => {
  const faults: [string, Fault][] = [
    ["drop", { kind: "drop" }],
    ["answer", { kind: "answer", status: 502 }],
    ["malformed-json", { kind: "malformed-json" }],
    ["wrong-types", { kind: "wrong-types" }],
    ["html", { kind: "html" }],
    ["truncated-body", { kind: "truncated-body" }],
    ["redirect", { kind: "redirect", to: "http://127.0.0.1:9/" }],
    ["gzip-bomb", { kind: "gzip-bomb", bytes: 10_000 }],
  ];

  test.each(faults)("a create with the fault %s is not applied by default", async (_, fault) => {
    server.upstream.inject(fault);
    await settle(create()).catch(() => {});
    expect(countPostsAndSecrets()).toEqual({ posts: 1, secrets: 0 });
  });

  test.each(faults)(
    "a create with the fault %s and store: true is applied before the response",
    async (_, fault) => {
      server.upstream.inject({ ...fault, store: true } as Fault);
      await settle(create()).catch(() => {});
      expect(countPostsAndSecrets()).toEqual({ posts: 1, secrets: 1 });
    },
  );

  test.each(faults)("an update with the fault %s is applied if store says so", async (_, fault) => {
    const { secret_id } = (await (await create()).json()) as { secret_id: string };
    const valueNow = () => server.upstream.secrets()[0]?.value;
    const inject = (store: boolean | { afterMs: number }) =>
      server.upstream.inject({ ...fault, method: "PATCH", store } as Fault);

    inject(false);
    await settle(update(secret_id, "1")).catch(() => {});
    expect(valueNow()).toBe("hunter2");
    inject(true);
    await settle(update(secret_id, "2")).catch(() => {});
    expect(valueNow()).toBe("2");
    inject({ afterMs: LATE_MS });
    await settle(update(secret_id, "3")).catch(() => {});
    expect(valueNow()).toBe("2");
    await expect.poll(valueNow, AFTER_LATE).toBe("3");
    expect(server.upstream.received()).toMatchObject({ PATCH: 3, patchesByName: { DB: 3 } });
  });

  test.each(faults)(
    "a create with the fault %s and store: { afterMs } is applied late",
    async (_, fault) => {
      server.upstream.inject({ ...fault, store: { afterMs: LATE_MS } } as Fault);
      await settle(create()).catch(() => {});
      expect(countPostsAndSecrets()).toEqual({ posts: 1, secrets: 0 });
      await expect.poll(countPostsAndSecrets, AFTER_LATE).toEqual({ posts: 1, secrets: 1 });
    },
  );
});

describe("the response to a fault", () => {
  test("a delay fault delays the response, and the call is applied before or after the delay", async () => {
    server.upstream.inject({ kind: "delay", ms: 100 });
    const early = create();
    await expect.poll(() => server.upstream.received().POST).toBe(1);
    expect(server.upstream.secrets()).toHaveLength(0);
    expect((await early).status).toBe(200);

    server.upstream.inject({ kind: "delay", ms: 100, when: "after" });
    const late = create();
    await expect.poll(() => server.upstream.secrets().length, { interval: 10 }).toBe(2);
    expect((await late).status).toBe(200);
  });

  test("a delayed call is applied although its caller disconnected", async () => {
    server.upstream.inject({ kind: "delay", ms: 100 });
    await expect(create("DB", { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    await expect.poll(countPostsAndSecrets, AFTER_LATE).toEqual({ posts: 1, secrets: 1 });
  });

  test("a drop fault closes the connection without a response", async () => {
    server.upstream.inject({ kind: "drop" });
    await expect(create()).rejects.toMatchObject({ cause: { code: "UND_ERR_SOCKET" } });
  });

  test("a hang fault sends no response, whether or not the call is applied", async () => {
    server.upstream.inject({ kind: "hang" });
    server.upstream.inject({ kind: "hang", store: true });
    for (const secrets of [0, 1]) {
      const hanging = create("DB", { signal: AbortSignal.timeout(100) });
      await expect(hanging).rejects.toMatchObject({ name: "TimeoutError" });
      expect(server.upstream.secrets()).toHaveLength(secrets);
    }
  });

  test("a malformed-json fault answers 200 with JSON that cannot be parsed", async () => {
    server.upstream.inject({ kind: "malformed-json", store: true });
    const response = await create();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test("a wrong-types fault answers 200 with JSON of wrong types", async () => {
    server.upstream.inject({ kind: "wrong-types" });
    const response = await create();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ type: "stored", secret_id: 20, name: null });
  });

  test("an html fault answers an HTML page with 200 or another status", async () => {
    server.upstream.inject({ kind: "html" });
    server.upstream.inject({ kind: "html", status: 503 });
    for (const status of [200, 503]) {
      const response = await create();
      expect(response.status).toBe(status);
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(await response.text()).toContain("<html>");
    }
  });

  test.each(["whitespace", "letters"] as const)(
    "an endless-body fault sends %s until the caller disconnects",
    async (of) => {
      server.upstream.inject({ kind: "endless-body", of, store: true });
      const response = await create();
      expect(response.status).toBe(200);
      expect(await readBytes(response, 5_000_000)).toBeGreaterThanOrEqual(5_000_000);
      expect(countPostsAndSecrets()).toEqual({ posts: 1, secrets: 1 });
    },
  );

  test("an endless-body fault with everyMs sends its body slowly", async () => {
    server.upstream.inject({ kind: "endless-body", everyMs: 20 });
    const startedAt = performance.now();
    await readBytes(await create(), 5 * 1024);
    expect(performance.now() - startedAt).toBeGreaterThan(60);
  });

  test("a truncated-body fault answers 200 with a body that breaks off", async () => {
    server.upstream.inject({ kind: "truncated-body", store: true });
    const response = await create();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  test("a redirect fault answers 307 or another status, and names another address", async () => {
    const to = `${server.url}/elsewhere`;
    server.upstream.inject({ kind: "redirect", to });
    server.upstream.inject({ kind: "redirect", to, status: 302 });
    for (const status of [307, 302]) {
      const response = await create();
      expect(response.status).toBe(status);
      expect(response.headers.get("location")).toBe(to);
    }
  });

  test("a gzip-bomb fault sends a small body that unpacks to valid JSON", async () => {
    const bytes = 5_000_000;
    server.upstream.inject({ kind: "gzip-bomb", bytes, store: true });
    server.upstream.inject({ kind: "gzip-bomb", bytes });

    const text = await (await create()).text();
    expect(text).toHaveLength(bytes);
    expect(JSON.parse(text)).toMatchObject({
      secret_id: server.upstream.secrets()[0]?.secret_id,
    });
    expect(await countWireBytes()).toBeLessThan(bytes / 100);
  });

  test("an answer fault can have any status, body and headers", async () => {
    server.upstream.inject({ kind: "answer", status: 500, body: "oops" });
    server.upstream.inject({ kind: "answer", status: 200, body: { type: "new" } });
    server.upstream.inject({ kind: "answer", status: 204, headers: { "x-one": "1" } });

    expect(await (await create()).text()).toBe("oops");
    expect(await (await create()).json()).toEqual({ type: "new" });
    const empty = await create();
    expect([empty.status, empty.headers.get("x-one")]).toEqual([204, "1"]);
  });

  test("an answer fault can have an error body in each of the three shapes", async () => {
    server.upstream.inject({ kind: "answer", status: 400, shape: "detailed" });
    server.upstream.inject({ kind: "answer", status: 400, shape: "brief" });
    server.upstream.inject({ kind: "answer", status: 400, shape: "validation" });

    const detailed = await create();
    expect(await detailed.json()).toEqual({
      detail: {
        type: "validation_error",
        code: "bad_request",
        message: "The request is not valid.",
        status: "bad_request",
        request_id: detailed.headers.get("x-request-id"),
      },
    });
    expect(await (await create()).json()).toEqual({
      detail: { status: "bad_request", message: "The request is not valid." },
    });
    expect(await (await create()).json()).toEqual({
      detail: [
        {
          type: "value_error",
          loc: ["body", "value"],
          msg: "Value error, the value is not acceptable",
          input: "hunter2",
          ctx: { error: {} },
        },
      ],
    });
  });
});

test("the server works after every kind of fault", async () => {
  for (let i = 0; i < 20; i += 1) {
    server.upstream.inject({ kind: "drop", store: true });
    server.upstream.inject({ kind: "truncated-body", store: true });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => settle(create())));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  }
  expect(countPostsAndSecrets()).toEqual({ posts: 60, secrets: 60 });
});

test("close() ends calls that hang", async () => {
  const other = await serveElevenLabsLocal();
  other.upstream.inject({ kind: "hang" });
  const hanging = fetch(`${other.url}/v1/convai/secrets`, { method: "POST", body: "{}" });
  const rejected = expect(hanging).rejects.toThrow();
  await expect.poll(() => other.upstream.received().POST).toBe(1);

  await other.close();
  await rejected;
});

test("a port in use is an error", async () => {
  const port = Number(new URL(server.url).port);
  await expect(serveElevenLabsLocal({ port })).rejects.toThrow("EADDRINUSE");
});

async function readBytes(response: Response, atLeast: number): Promise<number> {
  const reader = response.body?.getReader();
  let bytes = 0;
  while (bytes < atLeast) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) break;
    bytes += chunk.value.length;
  }
  await reader?.cancel();
  return bytes;
}

/** Creates a secret without unpacking the answer. */
function countWireBytes(): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}/v1/convai/secrets`, { method: "POST" }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
    });
    call.on("error", reject);
    call.end("{}");
  });
}
