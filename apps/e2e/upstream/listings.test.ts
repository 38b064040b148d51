import { sendDelivery } from "@convai-secrets/testing";
import { afterEach, describe, expect, test } from "vitest";
import { sendUntilFinal, useUpdatingStack } from "../support/updating-stack.ts";

const stack = useUpdatingStack();
afterEach(() => {
  const { upstream } = stack();
  upstream.clearFaults();
  upstream.configure({ extraItems: [], nameNormalization: "none", duplicateNames: "accept" });
});

let names = 0;
const generateName = () => `LISTED_${++names}`;
const secrets = (name: string) =>
  stack()
    .upstream.secrets()
    .filter((secret) => secret.name === name);

describe("a listing", () => {
  test.each([
    ["an HTML 403", { kind: "html", status: 403 }],
    ["a 404", { kind: "answer", status: 404 }],
    ["a 405", { kind: "answer", status: 405 }],
    ["a redirect", { kind: "redirect", to: "http://127.0.0.1:9/" }],
    ["a 500", { kind: "answer", status: 500 }],
  ] as const)("that gets %s is repeated by the next request", async (_, fault) => {
    const name = generateName();
    stack().upstream.inject({ ...fault, method: "GET", name, times: 1 });
    const answer = await sendDelivery(stack(), { name, value: "v1" });
    expect(answer.body).toMatchObject({ retryable: true });
    expect(secrets(name)).toEqual([]);
    expect((await sendUntilFinal(stack(), { name, value: "v1" })).status).toBe(200);
  });

  test.each([
    ["an unknown type", (name: string) => ({ type: "managed", secret_id: "a", name: `${name}_X` })],
    ["a null name", () => ({ type: "stored", secret_id: "a", name: null })],
    ["no object", () => 7],
  ])("with an item of %s under another name does not stop a delivery", async (_, item) => {
    const name = generateName();
    stack().upstream.configure({ extraItems: [item(name)] });
    expect((await sendDelivery(stack(), { name, value: "v1" })).status).toBe(200);
  });

  test("with an unreadable item of the same name ends in name_ambiguous", async () => {
    const name = generateName();
    stack().upstream.configure({ extraItems: [{ type: "managed", secret_id: "a", name }] });
    const answer = await sendDelivery(stack(), { name, value: "v1" });
    expect(answer).toMatchObject({ status: 409, body: { code: "name_ambiguous" } });
  });
});

test("an upstream that changes names gets one secret, not one per retry", async () => {
  const name = generateName();
  stack().upstream.configure({ nameNormalization: "lowercase" });
  stack().upstream.inject({ kind: "drop", store: true, name });
  const answer = await sendUntilFinal(stack(), { name, value: "v1" });
  expect(answer).toMatchObject({ status: 409, body: { code: "outcome_unknown" } });
  expect(secrets(name.toLowerCase())).toHaveLength(1);
});

test("a 409 after our own late create does not say that nothing was stored", async () => {
  const name = generateName();
  stack().upstream.configure({ duplicateNames: "conflict" });
  stack().upstream.inject({ kind: "drop", store: { afterMs: 9_500 }, name });
  const first = await sendDelivery(stack(), { name, value: "v1" });
  expect(first.body).toMatchObject({ outcome: "unknown" });
  const last = await sendUntilFinal(stack(), { name, value: "v1" });
  expect(last.status === 200 || last.body["outcome"] === "unknown").toBe(true);
  expect(secrets(name)).toMatchObject([{ value: "v1" }]);
});

test("an upstream that cannot be reached gets no write, and the answer says not_applied", async () => {
  const name = generateName();
  const { upstream } = stack();
  upstream.inject({ kind: "drop", method: "GET", name, times: 1 });
  const answer = await sendDelivery(stack(), { name, value: "v1" });
  expect(answer).toMatchObject({
    status: 502,
    body: { code: "upstream_unreachable", outcome: "not_applied", retryable: true },
  });
  expect(upstream.received().postsByName[name]).toBeUndefined();
});

test("a secret that was deleted is created again", async () => {
  const name = generateName();
  const first = await sendDelivery(stack(), { name, value: "v1" });
  const id = String(first.body["secret_id"]);
  const headers = { "xi-api-key": stack().apiKey };
  await fetch(`${stack().upstreamUrl}/v1/convai/secrets/${id}`, { method: "DELETE", headers });
  const second = await sendDelivery(stack(), { name, value: "v2" });
  expect(second.status).toBe(200);
  expect(second.headers.get("convai-secrets-result")).toBe("created");
  expect(second.body["secret_id"]).not.toBe(id);
});
