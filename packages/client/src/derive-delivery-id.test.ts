import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { SENDER_KEY } from "../test/fixtures.ts";
import { deriveDeliveryId } from "./derive-delivery-id.ts";

const OTHER_KEY = `whsec_${Buffer.alloc(24).toString("base64")}`;

test("it is an HMAC of name and value under the signing secret", async () => {
  const key = Buffer.from(SENDER_KEY.slice("whsec_".length), "base64");
  const content = '["convai-secrets delivery id","A","välue"]';
  const mac = createHmac("sha256", key).update(content).digest("base64url");
  expect(await deriveDeliveryId(SENDER_KEY, { name: "A", value: "välue" })).toBe(`msg_${mac}`);
});

test("it is the Worker's form of an id", async () => {
  for (let index = 0; index < 50; index += 1) {
    const id = await deriveDeliveryId(SENDER_KEY, { name: "A", value: String(index) });
    expect(id).toMatch(/^msg_[\w-]{43}$/);
  }
});

test("another key, name or value, or the same text cut elsewhere, is another id", async () => {
  const ids = await Promise.all([
    deriveDeliveryId(SENDER_KEY, { name: "AB", value: "C" }),
    deriveDeliveryId(SENDER_KEY, { name: "A", value: "BC" }),
    deriveDeliveryId(SENDER_KEY, { name: "AB", value: "D" }),
    deriveDeliveryId(SENDER_KEY, { name: 'AB","C', value: "" }),
    deriveDeliveryId(OTHER_KEY, { name: "AB", value: "C" }),
  ]);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a malformed signing secret is not shown", async () => {
  const derived = deriveDeliveryId("whsec_canary", { name: "A", value: "B" });
  await expect(derived).rejects.toThrow(new TypeError("senderKey must be a signing secret"));
});
