import { HEADERS } from "@convai-secrets/protocol";
import { describe, expect, test } from "vitest";
import { POLICY_TOKENS, SIGNING_SECRET, TOKEN } from "./fixtures.ts";
import { lookUp } from "./upstream.ts";
import { type Answer, create, secretBody, send, sign, uniqueName, VALUE } from "./worker.ts";

type Policy = keyof typeof POLICY_TOKENS;

const as = (policy: Policy, headers: Record<string, string> = {}) => ({
  authorization: `Bearer ${POLICY_TOKENS[policy]}`,
  ...headers,
});

const result = (answer: Answer) => answer.headers.get(HEADERS.result);

/** Updates a secret as the SDKs' update() does. */
const update = (secretId: string, name: string, value: string, headers: Record<string, string>) =>
  send({
    method: "PATCH",
    url: `https://worker.test/v1/convai/secrets/${secretId}`,
    body: JSON.stringify({ type: "update", name, value }),
    headers: { "content-type": "application/json", ...headers },
  });

describe("the policy for a name that exists", () => {
  test("create: another secret with the name is created", async () => {
    const name = uniqueName();
    const first = await create(secretBody(name, "first-value"));
    const second = await create(secretBody(name, "other-value"));
    expect([result(first), result(second)]).toEqual(["created", "created"]);
    expect((await lookUp(name)).secrets).toHaveLength(2);
  });

  test("reject: a second delivery of the name is answered 409 name_taken", async () => {
    const name = uniqueName();
    expect(result(await create(secretBody(name, "first-value"), as("reject")))).toBe("created");
    expect(await create(secretBody(name, "other-value"), as("reject"))).toMatchObject({
      status: 409,
      body: { code: "name_taken", outcome: "not_applied", retryable: false },
    });
    expect((await lookUp(name)).secrets).toMatchObject([{ value: "first-value" }]);
  });

  test("update: the value is replaced and the secret_id stays", async () => {
    const name = uniqueName();
    const first = await create(secretBody(name, "first-value"), as("update"));
    const second = await create(secretBody(name, "other-value"), as("update"));
    expect([result(first), result(second)]).toEqual(["created", "updated"]);
    expect(second.body).toEqual(first.body);
    expect((await lookUp(name)).secrets).toMatchObject([{ value: "other-value" }]);
  });

  test("the header convai-secrets-existing: reject makes any policy stricter for one request", async () => {
    const name = uniqueName();
    await create(secretBody(name, "first-value"), as("update"));
    const strict = as("update", { [HEADERS.existing]: "reject" });
    expect(await create(secretBody(name, "other-value"), strict)).toMatchObject({
      status: 409,
      body: { code: "name_taken" },
    });
  });

  test.each([
    [HEADERS.existing, "update"],
    [HEADERS.existing, ""],
    [HEADERS.dryRun, "yes"],
    [HEADERS.dryRun, "false"],
  ])("%s: %j is rejected, because it would be ignored", async (header, value) => {
    const name = uniqueName();
    const answer = await create(secretBody(name), { [header]: value });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_request" } });
    expect(answer.body["errors"]).toMatchObject([{ path: header }]);
    expect((await lookUp(name)).posts).toBe(0);
  });
});

describe("PATCH /v1/convai/secrets/{secret_id}", () => {
  const store = async () => {
    const name = uniqueName();
    const { body } = await create(secretBody(name, "first-value"), as("update"));
    return { name, secretId: String(body["secret_id"]) };
  };

  test("replaces the value of a secret that this Worker manages", async () => {
    const { name, secretId } = await store();
    const answer = await update(secretId, name, "other-value", as("update"));
    expect(answer).toMatchObject({ status: 200, body: { secret_id: secretId, name } });
    expect(result(answer)).toBe("updated");
    expect((await lookUp(name)).secrets).toMatchObject([{ value: "other-value" }]);
  });

  test("replays an update with the same delivery id", async () => {
    const { name, secretId } = await store();
    const headers = as("update", { "idempotency-key": `id-${name}` });
    await update(secretId, name, "other-value", headers);
    const again = await update(secretId, name, "other-value", headers);
    expect([result(again), again.headers.get(HEADERS.replayed)]).toEqual(["replayed", "true"]);
  });

  test.each<[string, (stored: { name: string; secretId: string }) => Promise<Answer>]>([
    ["another id", ({ name }) => update("unknown-id", name, "other-value", as("update"))],
    [
      "an id that no secret can have",
      ({ name }) => update("a%2Fb%20c", name, "other-value", as("update")),
    ],
    [
      "another name, because a secret is never renamed",
      ({ secretId }) => update(secretId, uniqueName(), "other-value", as("update")),
    ],
    [
      "a name outside the sender's patterns",
      ({ secretId }) => update(secretId, "OTHER_NAME", "other-value", as("update")),
    ],
    [
      "a sender whose policy is create",
      ({ name, secretId }) =>
        update(secretId, name, "other-value", { authorization: `Bearer ${TOKEN}` }),
    ],
    [
      "a sender whose policy is reject",
      ({ name, secretId }) => update(secretId, name, "other-value", as("reject")),
    ],
    [
      "the header convai-secrets-existing: reject",
      ({ name, secretId }) =>
        update(secretId, name, "other-value", as("update", { [HEADERS.existing]: "reject" })),
    ],
  ])("%s: 404 secret_not_found, and the value stays", async (_, attempt) => {
    const stored = await store();
    expect(await attempt(stored)).toMatchObject({
      status: 404,
      body: { code: "secret_not_found", outcome: "not_applied", retryable: false },
    });
    expect((await lookUp(stored.name)).secrets).toMatchObject([{ value: "first-value" }]);
  });

  test("a body of the create operation is rejected", async () => {
    const { name, secretId } = await store();
    const answer = await send({
      method: "PATCH",
      url: `https://worker.test/v1/convai/secrets/${secretId}`,
      body: secretBody(name),
      headers: { "content-type": "application/json", ...as("update") },
    });
    expect(answer.body["errors"]).toEqual([{ path: "type", message: 'must be "update"' }]);
  });
});

describe("a dry run", () => {
  const dry = { [HEADERS.dryRun]: "true" };

  test("a dry run answers what a delivery would do, and writes nothing", async () => {
    const name = uniqueName();
    const before = await create(secretBody(name, "first-value"), as("update", dry));
    expect(before).toMatchObject({ status: 200, body: { type: "dry_run", would: "create" } });
    expect((await lookUp(name)).posts).toBe(0);

    const { body } = await create(secretBody(name, "first-value"), as("update"));
    const change = await create(secretBody(name, "other-value"), as("update", dry));
    expect(change.body).toEqual({
      type: "dry_run",
      would: "update",
      secret_id: body["secret_id"],
    });
    expect(result(change)).toBeNull();
    expect((await lookUp(name)).secrets).toMatchObject([{ value: "first-value" }]);

    const repeat = await create(secretBody(name, "first-value"), as("update", dry));
    expect(repeat.body["would"]).toBe("replay");
    const list = await send({
      method: "GET",
      url: "https://worker.test/v1/deliveries",
      headers: as("update"),
    });
    const names = (list.body["deliveries"] as { name: string }[]).map((each) => each.name);
    expect(names.filter((each) => each === name)).toHaveLength(1);
  });

  test("a dry run answers the problem that a delivery would get", async () => {
    const name = uniqueName();
    await create(secretBody(name, "first-value"), as("reject"));
    expect(await create(secretBody(name, "other-value"), as("reject", dry))).toMatchObject({
      status: 409,
      body: { code: "name_taken" },
    });
  });
});

describe("a name or value that must not be stored", () => {
  test.each<[string, string, string, Record<string, string>, string, string]>([
    [
      "a name that contains the value",
      `TEST_${VALUE}`,
      VALUE,
      {},
      "name",
      "must not contain the value",
    ],
    [
      "a value that contains the sender's token",
      "TEST_A",
      `TOKEN=${TOKEN}`,
      {},
      "value",
      "must not contain the sender's credential",
    ],
    [
      "a name that contains the sender's token",
      `TEST_${TOKEN}`,
      VALUE,
      {},
      "name",
      "must not contain the sender's credential",
    ],
    [
      "a value that contains a signing secret of the sender",
      "TEST_A",
      SIGNING_SECRET,
      {},
      "value",
      "must not contain the sender's credential",
    ],
    ["a name in NFD", "TEST_gru\u0308n", VALUE, {}, "name", "must be in Unicode normal form NFC"],
    [
      "a name with a final space",
      "TEST_A ",
      VALUE,
      {},
      "name",
      "must not start or end with white space",
    ],
    [
      "a name with a line feed",
      "TEST_\nA",
      VALUE,
      {},
      "name",
      "must not contain control or format characters",
    ],
    [
      "a name of 256 characters",
      `TEST_${"a".repeat(251)}`,
      VALUE,
      {},
      "name",
      "must not be longer than 255 characters",
    ],
  ])("%s is answered 422", async (_, name, value, headers, path, message) => {
    const answer = await create(secretBody(name, value), headers);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_request" } });
    expect(answer.body["errors"]).toEqual([{ path, message }]);
    expect((await lookUp(name)).posts).toBe(0);
  });

  test("a signed request cannot store the sender's signing secret either", async () => {
    const body = secretBody("TEST_A", SIGNING_SECRET);
    const answer = await send({ body, headers: sign(body) });
    expect(answer.body["code"]).toBe("invalid_request");
  });

  test("a key of the body that is the value is not shown", async () => {
    const value = "correcthorse";
    const answer = await create(JSON.stringify({ type: "new", name: "TEST_A", value, [value]: 1 }));
    expect(answer.body["errors"]).toEqual([{ path: "?", message: "is not a known field" }]);
    expect(answer.text).not.toContain(value);
  });

  test.each([
    '"value":"correcthorse","correcthorse":1,"correcthorse":2',
    '"value":"correcthorse","correcthorse":1,"correcthors\\u0065":2',
    '"correcthorse":1,"correcthorse":2,"value":"c\\u006frrecthorse"',
    '"value":"correcthorse","correcthorse":1,"correcthorse":2,"value":"other"',
    '"value":{"a":["correcthorse"]},"x-correcthorse":1,"x-correcthorse":2',
  ])("a duplicate key that is the value is not shown: %s", async (members) => {
    const answer = await create(`{"type":"new","name":"TEST_A",${members}}`);
    expect(answer.body["errors"]).toEqual([{ path: "?", message: "must not be a duplicate key" }]);
    expect(answer.text).not.toContain("correcthorse");
  });

  test.each(["value", "unknown"])("a duplicate key is named: %s", async (key) => {
    const answer = await create(`{"type":"new","name":"TEST_A","${key}":"a","${key}":"b"}`);
    expect(answer).toMatchObject({ status: 400, body: { code: "malformed_body" } });
    expect(answer.body["errors"]).toEqual([{ path: key, message: "must not be a duplicate key" }]);
  });
});
