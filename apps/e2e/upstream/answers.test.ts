import { sendDelivery } from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { sendUntilFinal, useUpdatingStack } from "../support/updating-stack.ts";

const stack = useUpdatingStack();
const valuesOf = (name: string) =>
  stack()
    .upstream.secrets()
    .filter((secret) => secret.name === name)
    .map(({ value }) => value);

let names = 0;
const generateName = () => `ANSWER_${++names}`;

const ACCOUNT = { status: 502, code: "upstream_refused", outcome: "not_applied" };
const KEY = { status: 502, code: "upstream_key_refused", outcome: "not_applied" };

describe.each(["POST", "PATCH"] as const)("the answer to a %s", (method) => {
  test.each([
    ["401 invalid_api_key", { status: 401, code: "invalid_api_key", shape: "brief" }, KEY],
    ["403 missing_permissions", { status: 403, code: "missing_permissions" }, KEY],
    ["401 quota_exceeded", { status: 401, code: "quota_exceeded" }, ACCOUNT],
    ["403 detected_unusual_activity", { status: 403, code: "detected_unusual_activity" }, ACCOUNT],
    [
      "429 system_busy",
      { status: 429, code: "system_busy", headers: { "retry-after": "7" } },
      { status: 429, code: "upstream_rate_limited", outcome: "not_applied" },
    ],
    [
      "400 bad_request",
      { status: 400, code: "bad_request" },
      { status: 422, code: "rejected_by_elevenlabs", outcome: "not_applied" },
    ],
  ] as const)(
    "%s ends the request, and the problem shows its reason",
    async (_, fault, expected) => {
      const name = generateName();
      if (method === "PATCH") await sendDelivery(stack(), { name, value: "v0" });
      stack().upstream.inject({ kind: "answer", method, name, ...fault });
      const answer = await sendDelivery(stack(), { name, value: "v1" });
      const { status, code, outcome } = expected;
      expect(answer).toMatchObject({ status, body: { code, outcome, upstream_code: fault.code } });
      if (status === 429) expect(answer.retryAfter).toBe(7);
      expect((await sendUntilFinal(stack(), { name, value: "v1" })).status).toBe(200);
      expect(valuesOf(name)).toEqual(["v1"]);
    },
  );

  // Each waits until its call can no longer be running.
  test.concurrent.each([
    ["an HTML 403", { kind: "html", status: 403 }],
    ["an HTML 401", { kind: "html", status: 401 }],
    ["an HTML 404", { kind: "html", status: 404 }],
    ["a 405", { kind: "answer", status: 405, body: { detail: "Method Not Allowed" } }],
    ["a 404 in FastAPI's shape", { kind: "answer", status: 404, body: { detail: "Not Found" } }],
    ["a 425", { kind: "answer", status: 425 }],
    ["a 429 of a gateway", { kind: "answer", status: 429, body: "slow down" }],
    [
      "a secret_id with a line break",
      { kind: "answer", status: 200, body: { type: "stored", secret_id: "a\n", name: "x" } },
    ],
  ] as const)("%s does not end the delivery", async (_, fault) => {
    const name = generateName();
    if (method === "PATCH") await sendDelivery(stack(), { name, value: "v0" });
    stack().upstream.inject({ ...fault, method, name, times: method === "POST" ? 1 : 3 });
    const answer = await sendDelivery(stack(), { name, value: "v1" });
    expect([502, 503]).toContain(answer.status);
    expect(answer.body).toMatchObject({ outcome: "unknown", retryable: true });
    expect((await sendUntilFinal(stack(), { name, value: "v1" })).status).toBe(200);
    expect(valuesOf(name)).toEqual(["v1"]);
  });

  test("a 422 with 60,000 issues becomes a small problem", async () => {
    const name = generateName();
    if (method === "PATCH") await sendDelivery(stack(), { name, value: "v0" });
    const issue = { type: "string_too_long", loc: ["body", "value", 4815162342] };
    const body = { detail: Array.from({ length: 60_000 }, () => issue) };
    stack().upstream.inject({ kind: "answer", status: 422, method, name, body });
    const answer = await sendDelivery(stack(), { name, value: "v1" });
    expect(answer).toMatchObject({ status: 422, body: { code: "rejected_by_elevenlabs" } });
    expect(answer.body["errors"]).toHaveLength(20);
    expect(JSON.stringify(answer.body)).not.toContain("4815");
  });
});
