import { beforeEach, describe, expect, test } from "vitest";
import { ConnectionDroppedError } from "./connection.ts";
import { createElevenLabsLocal, type ElevenLabsLocal } from "./elevenlabs-local.ts";

const BASE = "https://api.elevenlabs.test/v1/convai/secrets";

let upstream: ElevenLabsLocal;

beforeEach(() => {
  upstream = createElevenLabsLocal();
});

function send(method: string, path = "", body?: unknown, apiKey = "local-api-key") {
  return upstream.fetch(
    new Request(BASE + path, {
      method,
      headers: { "xi-api-key": apiKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

async function create(name: string): Promise<string> {
  const response = await send("POST", "", { type: "new", name, value: "1" });
  const { secret_id } = (await response.json()) as { secret_id: string };
  return secret_id;
}

describe("the wire", () => {
  test("dependents of a secret are listed by type, over pages", async () => {
    const id = await create("A");
    const agents = ["1", "2", "3"].map((agent) => ({ type: "unknown", id: agent }) as const);
    upstream.setUsedBy(id, { agents });

    const first = await send("GET", `/${id}/dependencies/agents?page_size=2`);
    expect(await first.json()).toEqual({ dependencies: agents.slice(0, 2), next_cursor: "2" });
    const second = await send("GET", `/${id}/dependencies/agents?page_size=2&cursor=2`);
    expect(await second.json()).toEqual({ dependencies: agents.slice(2), next_cursor: null });
    const tools = await send("GET", `/${id}/dependencies/tools`);
    expect(await tools.json()).toEqual({ dependencies: [], next_cursor: null });
    expect((await send("GET", `/${id}/dependencies/webhooks`)).status).toBe(422);
    expect((await send("GET", "/unknown/dependencies/tools")).status).toBe(404);
  });

  test("the response to a create has exactly the documented fields", async () => {
    const response = await send("POST", "", { type: "new", name: "DB", value: "1" });

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({
      type: "stored",
      secret_id: upstream.secrets()[0]?.secret_id,
      name: "DB",
    });
  });

  test("a page of a listing has has_more and, if there is more, next_cursor", async () => {
    await create("A");
    await create("B");

    const first = (await (await send("GET", "?page_size=1&dependency_limit=1")).json()) as {
      next_cursor: string;
    };
    expect(first).toEqual({
      secrets: [
        {
          type: "stored",
          secret_id: upstream.secrets()[0]?.secret_id,
          name: "A",
          used_by: {
            tools: [],
            tools_has_more: false,
            agents: [],
            agents_has_more: false,
            phone_numbers: [],
            phone_numbers_has_more: false,
            mcp_servers: [],
            others: [],
          },
        },
      ],
      has_more: true,
      next_cursor: expect.any(String),
    });
    const cursor = encodeURIComponent(first.next_cursor);
    expect(await (await send("GET", `?page_size=1&cursor=${cursor}`)).json()).toEqual({
      secrets: [expect.objectContaining({ name: "B" })],
      has_more: false,
    });
  });

  test("a listing shows dependents up to dependency_limit and says that there are more", async () => {
    const id = await create("A");
    const tools = ["1", "2", "3"].map((tool) => ({ type: "unknown", id: tool }) as const);
    upstream.setUsedBy(id, { tools });

    expect(await (await send("GET", "?dependency_limit=2")).json()).toMatchObject({
      secrets: [{ used_by: { tools: tools.slice(0, 2), tools_has_more: true } }],
    });
  });

  test.each([
    ["?page_size=ten", 422, "int_parsing"],
    ["?page_size=0", 422, "greater_than_equal"],
    ["?page_size=101", 422, "less_than_equal"],
    ["?dependency_limit=101", 422, "less_than_equal"],
    ["?cursor=nonsense", 400, "invalid_cursor"],
  ])("a listing with %s gets %i", async (query, status, code) => {
    const response = await send("GET", query);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`"${code}"`);
  });

  test("a request without an API key gets 401 needs_authorization", async () => {
    const response = await send("POST", "", {}, "");
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ detail: { status: "needs_authorization" } });
  });

  test("an unknown path gets 404 and an unknown method 405, in FastAPI's shape", async () => {
    const notFound = await send("GET", "/id/dependencies");
    expect([notFound.status, await notFound.json()]).toEqual([404, { detail: "Not Found" }]);

    const notAllowed = await send("PUT", "/id", {});
    expect([notAllowed.status, await notAllowed.json()]).toEqual([
      405,
      { detail: "Method Not Allowed" },
    ]);
    expect(notAllowed.headers.get("allow")).toBe("GET, PATCH, DELETE");
  });
});

describe("the fetch handler without a server", () => {
  test("fetch throws for a dropped connection, after the call was applied if store is true", async () => {
    upstream.inject({ kind: "drop", store: true });

    const dropped = send("POST", "", { type: "new", name: "DB", value: "1" });
    await expect(dropped).rejects.toThrow(ConnectionDroppedError);
    expect(upstream.secrets()).toHaveLength(1);
  });

  test("a truncated body fails while it is read", async () => {
    upstream.inject({ kind: "truncated-body" });

    const response = await send("POST", "", { type: "new", name: "DB", value: "1" });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(ConnectionDroppedError);
  });

  test("a request that cannot be read gets 500", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("gone")) });
    const request = new Request(BASE, { method: "POST", body, duplex: "half" });

    expect((await upstream.fetch(request)).status).toBe(500);
  });
});

describe("matching of faults", () => {
  test("a fault matches one POST by default", async () => {
    upstream.inject({ kind: "answer", status: 503 });

    expect((await send("GET")).status).toBe(200);
    expect((await send("POST", "", {})).status).toBe(503);
    expect((await send("POST", "", {})).status).toBe(422);
  });

  test("the name of a fault is exact, or a prefix followed by *", async () => {
    upstream.inject({ kind: "answer", status: 501, name: "DB", times: Infinity });
    upstream.inject({ kind: "answer", status: 502, name: "VAULT_*", times: Infinity });

    const statuses: number[] = [];
    for (const name of ["DB", "DB_2", "VAULT_A", "VAULT_", "A_VAULT_"]) {
      statuses.push((await send("POST", "", { type: "new", name, value: "1" })).status);
    }
    expect(statuses).toEqual([501, 200, 502, 502, 200]);
  });

  test("a fault matches a listing by search, and a path with an id by the secret's name", async () => {
    const id = await create("DB");
    for (const method of ["GET", "GET", "DELETE"] as const) {
      upstream.inject({ kind: "answer", status: 503, method, name: "DB" });
    }

    expect((await send("GET", "?search=OTHER")).status).toBe(200);
    expect((await send("GET", "?search=DB")).status).toBe(503);
    expect((await send("GET", `/${id}`)).status).toBe(503);
    expect((await send("DELETE", `/${id}`)).status).toBe(503);
    expect((await send("DELETE", `/${id}`)).status).toBe(204);
  });

  test("faults apply in the order of injection, each as often as times says", async () => {
    upstream.inject({ kind: "answer", status: 500, times: 2 });
    upstream.inject({ kind: "answer", status: 503 });

    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await send("POST", "", {})).status);
    expect(statuses).toEqual([500, 500, 503, 422]);
  });

  test("an invalid fault is a TypeError", () => {
    expect(() => upstream.inject({ kind: "drop", times: 0 })).toThrow(TypeError);
    expect(() => upstream.setChaos({ seed: 1, rates: { late: 2 } })).toThrow(TypeError);
  });

  test("random faults apply what they say they apply", async () => {
    upstream.setChaos({ seed: 5, rates: { storeThen502: 0.3, storeThenDrop: 0.3, 429: 0.2 } });

    let missing = 0;
    for (let i = 0; i < 200; i += 1) {
      const response = await send("POST", "", { type: "new", name: "DB", value: "1" }).catch(
        () => undefined,
      );
      if (response?.status === 429) missing += 1;
    }
    expect(missing).toBeGreaterThan(0);
    expect(upstream.secrets()).toHaveLength(200 - missing);
    expect(upstream.received()).toMatchObject({ POST: 200, postsByName: { DB: 200 } });
  });
});
