import { describe, expect, test } from "vitest";
import document from "../../src/openapi.json" with { type: "json" };
import { ROUTES } from "../../src/routes/routes.ts";
import { LIMITED_TOKEN, TOKEN, UNKNOWN_SIGNING_SECRET } from "./fixtures.ts";
import { type Answer, create, secretBody, send, sign, uniqueName } from "./worker.ts";

test("the OpenAPI document describes exactly the routes", () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => [method, path, operationId]),
  );
  const routes = ROUTES.map(({ id, method, path }) => [method.toLowerCase(), path, id]);
  expect(routes.sort()).toEqual(described.sort());
});

const at = (path: string) => `https://worker.test${path}`;

describe("public routes", () => {
  test("GET /healthz answers ok if the configuration is valid", async () => {
    const answer = await send({ method: "GET", url: at("/healthz") });
    expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}']);
  });

  test("GET /openapi.json answers the OpenAPI document", async () => {
    const answer = await send({ method: "GET", url: at("/openapi.json") });
    expect([answer.status, answer.body]).toEqual([200, document]);
  });

  test.each(["/healthz", "/openapi.json"])(
    "HEAD %s answers the headers without a body",
    async (path) => {
      const answer = await send({ method: "HEAD", url: at(path) });
      expect([answer.status, answer.text]).toEqual([200, ""]);
      expect(answer.headers.get("content-type")).toBe("application/json");
    },
  );

  test("GET /healthz ignores a query", async () => {
    expect((await send({ method: "GET", url: at("/healthz?x=1") })).status).toBe(200);
  });
});

test.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])(
  "%s /v1/convai/secrets is answered 405, even with a valid token",
  async (method) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await send({ method, headers });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  },
);

test.each([
  ["GET", "/v1/convai/secrets", "POST"],
  ["GET", "/v1/convai/secrets/id", "PATCH"],
  ["DELETE", "/v1/convai/secrets/id", "PATCH"],
])(
  "%s %s of the SDKs' list, get and delete is answered 405 with what is supported",
  async (method, path, allow) => {
    const answer = await send({ method, url: at(path), headers: { "xi-api-key": TOKEN } });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
    if (method !== "HEAD") {
      expect(answer.body["detail"]).toBe(
        "This Worker supports create (POST) and update (PATCH); it cannot list, read or delete secrets",
      );
    }
  },
);

describe("GET /v1/sender", () => {
  const get = (headers: HeadersInit) => send({ method: "GET", url: at("/v1/sender"), headers });

  test("GET /v1/sender answers who the caller is and what it may do", async () => {
    const answer = await get({ authorization: `Bearer ${TOKEN}` });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      id: "main",
      names: ["TEST_*", "EXACT"],
      existing: "create",
      authenticated_by: "token",
    });
  });

  test("GET /v1/sender accepts a signature and answers so", async () => {
    expect((await get(sign(""))).body["authenticated_by"]).toBe("signature");
  });

  test("GET /v1/sender answers 401 to a wrong token", async () => {
    expect((await get({ "xi-api-key": `cs_${"C".repeat(43)}` })).status).toBe(401);
  });
});

test.each([
  "/",
  "/healthz/",
  "/HEALTHZ",
  "/v1/convai/secrets/",
  "/v1/convai/secrets/id/dependencies/tools",
  "/v1/deliveries/1",
  "/.env",
])("GET %s is answered 404", async (path) => {
  expect(await send({ method: "GET", url: at(path) })).toMatchObject({
    status: 404,
    body: { code: "not_found" },
  });
});

describe("GET /v1/deliveries", () => {
  const list = (query = "", headers: HeadersInit = { "xi-api-key": TOKEN }) =>
    send({ method: "GET", url: at(`/v1/deliveries${query}`), headers });
  const ids = ({ body }: Answer) => (body["deliveries"] as { id: string }[]).map(({ id }) => id);
  const deliver = async (id: string, headers: Record<string, string> = {}) => {
    const name = uniqueName();
    const answer = await create(secretBody(name), { "idempotency-key": id, ...headers });
    return { id, name, secretId: answer.body["secret_id"] };
  };

  test("GET /v1/deliveries lists deliveries newest first, without values", async () => {
    const before = Date.now();
    await deliver("shown-1");
    const { id, name, secretId } = await deliver("shown-2");
    const answer = await list("?limit=2");
    expect(ids(answer)).toEqual(["shown-2", "shown-1"]);
    const [delivery] = answer.body["deliveries"] as Record<string, string>[];
    expect(delivery).toEqual({
      id,
      name,
      operation: "create",
      state: "stored",
      secret_id: secretId,
      created_at: expect.any(String),
      last_seen_at: expect.any(String),
      attempts: 1,
    });
    for (const time of [delivery?.["created_at"], delivery?.["last_seen_at"]]) {
      expect(Date.parse(time ?? "")).toBeGreaterThanOrEqual(before - 1000);
    }
  });

  test("GET /v1/deliveries lists only the sender's own deliveries, even if ids are the same", async () => {
    const other = { authorization: `Bearer ${LIMITED_TOKEN}` };
    const mine = await deliver("same-id");
    const theirs = await deliver("same-id", other);
    expect(theirs.secretId).not.toBe(mine.secretId);
    const answer = await list("", other);
    expect(answer.body["deliveries"]).toMatchObject([{ id: "same-id", name: theirs.name }]);
    expect(answer.text).not.toContain(mine.name);
    expect((await list()).text).not.toContain(theirs.name);
  });

  test("GET /v1/deliveries continues at next", async () => {
    for (const id of ["page-1", "page-2", "page-3"]) await deliver(id);
    const first = await list("?limit=2");
    const second = await list(`?limit=2&before=${first.body["next"]}`);
    expect([ids(first), ids(second)[0]]).toEqual([["page-3", "page-2"], "page-1"]);
  });

  test("GET /v1/deliveries lists as many deliveries as limit says", async () => {
    for (let index = 0; index < 3; index += 1) await deliver(`many-${index}`);
    expect(ids(await list("?limit=2"))).toHaveLength(2);
    expect((await list("?limit=100")).status).toBe(200);
  });

  test.each([
    ["limit=0", "limit", "must be a whole number from 1 to 100"],
    ["limit=101", "limit", "must be a whole number from 1 to 100"],
    ["limit=1e1", "limit", "must be a whole number from 1 to 100"],
    ["limit=", "limit", "must be a whole number from 1 to 100"],
    ["before=-1", "before", "must be a whole number from 1 to 9007199254740991"],
    ["before=x", "before", "must be a whole number from 1 to 9007199254740991"],
    ["after=1", "after", "is not a known parameter"],
    ["limit=5&limit=7", "limit", "must not be repeated"],
    ["before=3&limit=5&before=3", "before", "must not be repeated"],
  ])("GET /v1/deliveries?%s is answered 422 with the parameter", async (query, path, message) => {
    const answer = await list(`?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_request" } });
    expect(answer.body["errors"]).toEqual([{ path, message }]);
  });

  test("GET /v1/deliveries accepts a signature over the empty body only", async () => {
    expect((await list("", sign(""))).status).toBe(200);
    expect((await list("", sign("{}"))).status).toBe(401);
    expect((await list("", sign("", { secret: UNKNOWN_SIGNING_SECRET }))).status).toBe(401);
    const stale = await list("", sign("", { at: new Date(1_000_000) }));
    expect(stale.body["code"]).toBe("stale_timestamp");
  });

  test("GET /v1/deliveries without a credential is answered 401", async () => {
    expect((await list("", {})).body["code"]).toBe("unauthenticated");
  });
});
