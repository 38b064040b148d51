import { createHmac, hkdfSync } from "node:crypto";
import { DELIVERY_ID_PATTERN, DERIVED_ID_PREFIX } from "@convai-secrets/protocol";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { SIGNING_SECRET } from "../test/fixtures.ts";
import { deriveDeliveryId } from "./derive-delivery-id.ts";

const OTHER_KEY = `whsec_${Buffer.alloc(24).toString("base64")}`;

test("a derived id is an HMAC of the content under a key derived by HKDF", async () => {
  const secret = Buffer.from(SIGNING_SECRET.slice("whsec_".length), "base64");
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "convai-secrets delivery id", 32));
  const mac = createHmac("sha256", key).update('[null,"A","välue"]').digest("base64url");
  const id = await deriveDeliveryId(SIGNING_SECRET, { name: "A", value: "välue" });
  expect(id).toBe(DERIVED_ID_PREFIX + mac);
});

test("no content makes a derived id a valid signature of a request without a body", async () => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const names = ["A", `x.${timestamp}.`, `", "x.${timestamp}.`];
  for (const name of names) {
    const id = await deriveDeliveryId(SIGNING_SECRET, { name, value: "" });
    const mac = Buffer.from(id.slice(DERIVED_ID_PREFIX.length), "base64url").toString("base64");
    for (const signed of [name, JSON.stringify([null, name, ""])]) {
      const headers = {
        "webhook-id": signed.split(".")[0] ?? "",
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${mac}`,
      };
      expect(() => new Webhook(SIGNING_SECRET).verify("", headers)).toThrow();
    }
    const key = Buffer.from(SIGNING_SECRET.slice("whsec_".length), "base64");
    const plain = createHmac("sha256", key).update(JSON.stringify([null, name, ""]));
    expect(mac).not.toBe(plain.digest("base64"));
  }
});

test("a derived id is a valid delivery id", async () => {
  for (let index = 0; index < 50; index += 1) {
    const id = await deriveDeliveryId(SIGNING_SECRET, { name: "A", value: String(index) });
    expect(id).toMatch(DELIVERY_ID_PATTERN);
    expect(id).toMatch(/^derived_[\w-]{43}$/);
  }
});

test("another signing secret, name, value or secret_id gives another derived id", async () => {
  const ids = await Promise.all([
    deriveDeliveryId(SIGNING_SECRET, { name: "AB", value: "C" }),
    deriveDeliveryId(SIGNING_SECRET, { name: "A", value: "BC" }),
    deriveDeliveryId(SIGNING_SECRET, { name: "AB", value: "D" }),
    deriveDeliveryId(SIGNING_SECRET, { name: 'AB","C', value: "" }),
    deriveDeliveryId(SIGNING_SECRET, { name: "AB", value: "C", secretId: "sec_1" }),
    deriveDeliveryId(OTHER_KEY, { name: "AB", value: "C" }),
  ]);
  expect(new Set(ids).size).toBe(ids.length);
});

test("the error for a malformed signing secret does not show it", async () => {
  const derived = deriveDeliveryId("whsec_canary", { name: "A", value: "B" });
  await expect(derived).rejects.toThrow(new TypeError("signingSecret is malformed"));
});
