import fc from "fast-check";
import { expect, test } from "vitest";
import { API_KEY, TOKEN } from "./fixtures.ts";
import { check, FUZZ_TIMEOUT_MS, isHeaderValue, sendAnything } from "./fuzz.ts";
import { inject, lookUp } from "./upstream.ts";
import { secretBody, uniqueName, VALUE } from "./worker.ts";

const STATUSES = [
  200, 201, 202, 206, 226, 300, 301, 302, 307, 399, 400, 401, 402, 403, 404, 405, 408, 409, 410,
  413, 418, 421, 422, 425, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 520, 529, 599,
];

/** What an honest answer has, in honest places or not. */
const text = fc.oneof(
  fc.constantFrom("stored", "new", "missing_permissions", "body", "name", "value", VALUE, API_KEY),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const member = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
const detail = fc.oneof(
  fc.array(fc.dictionary(fc.constantFrom("loc", "msg", "type", "input", "ctx"), member), {
    maxLength: 4,
  }),
  fc.array(fc.record({ loc: fc.array(member, { maxLength: 4 }), type: text, msg: text })),
  fc.dictionary(
    fc.constantFrom("status", "code", "message", "request_id", "param", "__proto__"),
    member,
  ),
  member,
);
/** One of the API's own shapes: only these are believed in a 4xx. */
const errorBody = fc.record({ detail: fc.record({ status: text, code: text, message: text }) });
const body = fc.oneof(
  errorBody,
  fc.record({ detail }),
  fc.dictionary(fc.constantFrom("type", "secret_id", "name", "detail", "__proto__"), member),
  fc.record({ type: fc.constant("stored"), secret_id: text, name: text }),
  fc.jsonValue({ depthSize: "large" }),
  fc.string({ unit: "binary" }),
);
const headers = fc.dictionary(
  fc.constantFrom("retry-after", "x-request-id", "request-id", "content-type", "location", "x-a"),
  fc
    .oneof(
      fc.constantFrom(
        "0",
        "7",
        "-1",
        "1e9",
        "99999999999",
        "Wed, 21 Oct 2026 07:28:00 GMT",
        API_KEY,
      ),
      fc.string({ unit: "binary-ascii", maxLength: 40 }),
    )
    .filter(isHeaderValue),
);

const answers = fc.record({ status: fc.constantFrom(...STATUSES), body, headers });
type Answer = typeof answers extends fc.Arbitrary<infer Drawn> ? Drawn : never;

test(
  "any answer of the upstream leads to a status of the table of errors, without the value or the API key",
  async () => {
    const seen = new Set<number>();
    const detail = { status: "s", message: "m" };
    const honest = [
      { status: 200, body: { type: "stored", secret_id: "sec_1", name: "n" }, headers: {} },
      { status: 400, body: { detail }, headers: {} },
      { status: 429, body: { detail }, headers: {} },
    ];
    const isExpected = async ({ status, body, headers }: Answer) => {
      const name = uniqueName();
      await inject({ kind: "answer", status, body, headers, name });
      const response = await sendAnything({
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: secretBody(name),
      });
      const said = `${JSON.stringify([...response.headers])}${await response.text()}`;
      seen.add(response.status);
      expect(said).not.toContain(VALUE);
      expect(said).not.toContain(API_KEY);
      // One call: no redirect was followed and nothing was sent again.
      expect((await lookUp(name)).posts).toBe(1);
      const isRefusal = status >= 400 && status < 500 && status !== 408;
      const expected = isRefusal ? [422, 429, 502] : status < 300 ? [200, 502] : [502];
      expect(expected).toContain(response.status);
    };
    await check(400, answers, isExpected, honest);
    expect([...seen].sort((a, b) => a - b)).toEqual([200, 422, 429, 502]);
  },
  FUZZ_TIMEOUT_MS,
);
