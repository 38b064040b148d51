import { describe, expect, test } from "vitest";
import { OTHER_SIGNING_SECRET, SIGNING_SECRET, TOKEN } from "./fixtures.ts";
import { lookUp } from "./upstream.ts";
import { create, secretBody, send, sign, uniqueName, VALUE } from "./worker.ts";

const replayed = (answer: { headers: Headers }) => answer.headers.get("idempotent-replayed");
const fresh = () => crypto.randomUUID();

describe("the Idempotency-Key is the delivery's id", () => {
  test("a quoted and an unquoted Idempotency-Key are the same delivery id", async () => {
    const name = uniqueName();
    const key = fresh();
    const plain = await create(secretBody(name), { "idempotency-key": key });
    const quoted = await create(secretBody(name), { "idempotency-key": `"${key}"` });
    expect([plain.status, replayed(plain)]).toEqual([200, null]);
    expect([quoted.status, replayed(quoted)]).toEqual([200, "true"]);
    expect(quoted.body).toEqual(plain.body);
    expect((await lookUp(name)).posts).toBe(1);
  });

  test("escaped characters in a quoted Idempotency-Key are unescaped", async () => {
    const name = uniqueName();
    const key = `${fresh()}\\and"`;
    await create(secretBody(name), { "idempotency-key": key });
    const escaped = `"${key.replace(/[\\"]/g, "\\$&")}"`;
    expect(replayed(await create(secretBody(name), { "idempotency-key": escaped }))).toBe("true");
  });

  test("an Idempotency-Key with another name or value is rejected, and nothing is sent", async () => {
    const [name, other] = [uniqueName(), uniqueName()];
    const key = { "idempotency-key": fresh() };
    await create(secretBody(name), key);
    for (const body of [secretBody(other), secretBody(name, "another value")]) {
      expect(await create(body, key)).toMatchObject({
        status: 422,
        body: { code: "idempotency_key_reused", outcome: "not_applied", retryable: false },
      });
    }
    expect([(await lookUp(name)).posts, (await lookUp(other)).posts]).toEqual([1, 0]);
  });

  test("two Idempotency-Keys for one secret are two deliveries", async () => {
    const name = uniqueName();
    await create(secretBody(name), { "idempotency-key": fresh() });
    await create(secretBody(name), { "idempotency-key": fresh() });
    expect((await lookUp(name)).posts).toBe(2);
  });

  test("white space around an Idempotency-Key is ignored", async () => {
    const name = uniqueName();
    const key = fresh();
    await create(secretBody(name), { "idempotency-key": key });
    expect(replayed(await create(secretBody(name), { "idempotency-key": `  ${key} ` }))).toBe(
      "true",
    );
  });

  test.each([
    ["one character", "!"],
    ["255 characters", "~".repeat(255)],
    ["255 characters in quotes", `"${"q".repeat(255)}"`],
    ["three characters with a quote", 'a"b'],
  ])("an Idempotency-Key of %s is accepted", async (_, key) => {
    expect((await create(secretBody(), { "idempotency-key": key })).status).toBe(200);
  });

  test.each([
    ["the value", VALUE],
    ["the value among others", `id-${VALUE}-1`],
    ["the token", TOKEN],
    ["the token in quotes", `"${TOKEN}"`],
    ["a signing secret of the sender", `id-${SIGNING_SECRET}`],
  ])("an Idempotency-Key that contains %s is rejected", async (_, key) => {
    const name = uniqueName();
    const answer = await create(secretBody(name), { "idempotency-key": key });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: "invalid_idempotency_key",
        detail: "Idempotency-Key must not contain the value or the sender's credential",
        outcome: "not_applied",
      },
    });
    expect((await lookUp(name)).posts).toBe(0);
    const body = secretBody(name);
    for (const id of [`msg_${VALUE}`, OTHER_SIGNING_SECRET]) {
      const signed = await send({ body, headers: sign(body, { id }) });
      expect(signed.body["detail"]).toBe(
        "webhook-id must not contain the value or the sender's credential",
      );
    }
  });

  test.each([";a=1", " ; a=1;b", ';a="x;y";c=?1'])(
    "parameters of a quoted Idempotency-Key are ignored: %s",
    async (parameters) => {
      const name = uniqueName();
      const id = `key-${name}`;
      const key = `"${id}"${parameters}`;
      const quoted = await create(secretBody(name), { "idempotency-key": key });
      const bare = await create(secretBody(name), { "idempotency-key": id });
      expect([quoted.status, bare.status, bare.headers.get("idempotent-replayed")]).toEqual([
        200,
        200,
        "true",
      ]);
    },
  );

  test.each([
    ["256 characters", "x".repeat(256)],
    ["256 characters in quotes", `"${"x".repeat(256)}"`],
    ["a dot", "a.b"],
    ["a dot in quotes", '"a.b"'],
    ["nothing in quotes", '""'],
    ["a space in quotes", '"a b"'],
    ["a quote that is not escaped", '"a"b"'],
    ["an escape that is not allowed", '"a\\b"'],
    ["an escape at its end", '"a\\"'],
    ["a malformed parameter", '"a";p='],
    ["two ids", "a, b"],
    ["one character outside ASCII", "\u00e9"],
    ["a tab", "a\tb"],
  ])("an Idempotency-Key with %s is answered 400 and nothing is sent", async (_, key) => {
    const name = uniqueName();
    expect(await create(secretBody(name), { "idempotency-key": key })).toMatchObject({
      status: 400,
      body: { code: "invalid_idempotency_key", outcome: "not_applied", retryable: false },
    });
    expect((await lookUp(name)).posts).toBe(0);
  });
});

describe("the webhook-id of a signed request is the delivery's id", () => {
  test("a signed request ignores its Idempotency-Key, well-formed or not", async () => {
    const name = uniqueName();
    const body = secretBody(name);
    const headers = sign(body);
    for (const key of [fresh(), "malformed.key"]) {
      const answer = await send({ body, headers: { ...headers, "idempotency-key": key } });
      expect(answer.status).toBe(200);
    }
    expect((await lookUp(name)).posts).toBe(1);
  });

  test("the same id in webhook-id and Idempotency-Key is the same delivery", async () => {
    const name = uniqueName();
    const body = secretBody(name);
    const id = fresh();
    await send({ body, headers: sign(body, { id }) });
    expect(replayed(await create(body, { "idempotency-key": id }))).toBe("true");
  });

  test("a webhook-id of 255 characters with quotation marks is accepted", async () => {
    const body = secretBody();
    expect((await send({ body, headers: sign(body, { id: `"${"x".repeat(254)}` }) })).status).toBe(
      200,
    );
  });

  test.each([
    ["with a dot", "msg.1"],
    ["of 256 characters", "x".repeat(256)],
    ["with a space", "a b"],
  ])("a webhook-id %s is rejected, whether or not the signature is valid", async (_, id) => {
    const body = secretBody();
    const headers = sign(body, { id });
    for (const forged of [headers, { ...headers, "webhook-signature": `v1,${"A".repeat(43)}=` }]) {
      expect(await send({ body, headers: forged })).toMatchObject({
        status: 400,
        body: { code: "invalid_idempotency_key", outcome: "not_applied" },
      });
    }
  });
});
