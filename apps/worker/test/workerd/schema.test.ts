import { MAX_BODY_BYTES } from "@convai-secrets/protocol";
import { describe, expect, test } from "vitest";
import { create, secretBody, uniqueName, VALUE } from "./worker.ts";

describe("bodies that break a rule", () => {
  const name = uniqueName();
  const cases: [string, unknown, { path: string; message: string }[]][] = [
    ["a number instead of an object", 1, [{ path: "", message: "must be a JSON object" }]],
    ["null instead of an object", null, [{ path: "", message: "must be a JSON object" }]],
    ["a string instead of an object", VALUE, [{ path: "", message: "must be a JSON object" }]],
    ["no type", { name, value: VALUE }, [{ path: "type", message: "is required" }]],
    [
      "another type",
      { type: "update", name, value: VALUE },
      [{ path: "type", message: 'must be "new"' }],
    ],
    ["no name", { type: "new", value: VALUE }, [{ path: "name", message: "is required" }]],
    [
      "a number as name",
      { type: "new", name: 1, value: VALUE },
      [{ path: "name", message: "must be a string" }],
    ],
    [
      "an empty value",
      { type: "new", name, value: "" },
      [{ path: "value", message: "must not be empty" }],
    ],
    [
      "null as value",
      { type: "new", name, value: null },
      [{ path: "value", message: "must be a string" }],
    ],
    [
      "a key that looks like a credential",
      { type: "new", name, value: VALUE, [`cs_${VALUE.repeat(4)}`]: 1 },
      [{ path: "?", message: "is not a known field" }],
    ],
  ];
  test.each(cases)("a body with %s is answered 422", async (_, document, errors) => {
    const answer = await create(JSON.stringify(document));
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_request", errors } });
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "the unknown key %s is rejected by name",
    async (key) => {
      const answer = await create(`{"type":"new","name":"${name}","value":"v","${key}":{}}`);
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ path: key, message: "is not a known field" }] },
      });
    },
  );

  test.each([
    ["name", '"name":"FORBIDDEN"'],
    ["value, the same", '"value":"v"'],
    ["value, escaped", '"\\u0076alue":"w"'],
    ["value, of another type", '"value":[{"a":{}}]'],
    ["type, without a string", '"type":null'],
  ])("a duplicate key is rejected: %s", async (_, member) => {
    const members = `"type":"new","name":"${name}","value":"v"`;
    for (const body of [`{${member},${members}}`, `{${members},${member}}`]) {
      expect(await create(body)).toMatchObject({
        status: 400,
        body: { code: "malformed_body", detail: "The body must not contain duplicate keys" },
      });
    }
  });

  test.each(["\\ud800", "\\udc00x", "a\\ud83d"])(
    "a value with the lone surrogate %s is rejected",
    async (surrogate) => {
      const answer = await create(`{"type":"new","name":"${name}","value":"${surrogate}"}`);
      expect(answer.body["errors"]).toEqual([
        { path: "value", message: "must be well-formed Unicode" },
      ]);
    },
  );
});

describe("bodies that keep every rule", () => {
  test.each([
    ["one character", "x"],
    ["what is not ASCII", "pässwörd 🔑"],
    ["control characters and quotes", '\0\n"\\'],
    ["white space", " "],
    ["what looks like the members of an object", '","value":"x","name":"y'],
    ["backslashes before a quote", '\\\\"\\'],
  ])("a value of %s arrives upstream unchanged", async (_, value) => {
    const name = uniqueName();
    const answer = await create(secretBody(name, value));
    expect(answer.status).toBe(200);
    const { lookUp } = await import("./upstream.ts");
    expect((await lookUp(name)).secrets).toMatchObject([{ value }]);
  });
});

describe("the limit of 64 KiB", () => {
  const bodyOf = (bytes: number) => {
    const empty = secretBody(uniqueName(), "");
    return empty.replace('"value":""', `"value":"${"x".repeat(bytes - empty.length)}"`);
  };
  const stream = (text: string) => new Blob([text]).stream();

  test("a body of exactly 64 KiB is accepted, with and without content-length", async () => {
    expect((await create(bodyOf(MAX_BODY_BYTES))).status).toBe(200);
    expect((await create(stream(bodyOf(MAX_BODY_BYTES)))).status).toBe(200);
  });

  test("a body of 64 KiB and 1 byte is answered 413", async () => {
    for (const body of [bodyOf(MAX_BODY_BYTES + 1), stream(bodyOf(MAX_BODY_BYTES + 1))]) {
      expect(await create(body)).toMatchObject({
        status: 413,
        body: { code: "payload_too_large", outcome: "not_applied" },
      });
    }
  });
});
