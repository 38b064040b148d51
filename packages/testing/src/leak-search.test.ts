import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { searchFor } from "./leak-search.ts";

const VALUE = 'canary-5d0f"\\\n é🔑 <&+/> 81c7a2e9';
const SIGNING_SECRET = `whsec_${Buffer.from("canary signing secret, 32 bytes.").toString("base64")}`;
const search = searchFor({ value: VALUE, signing: SIGNING_SECRET });
const base64 = (text: string) => Buffer.from(text).toString("base64");

test.each([
  ["verbatim", `x${VALUE}y`],
  ["in upper case", VALUE.toUpperCase()],
  ["as a piece of 12 characters", VALUE.slice(7, 19)],
  ["in JSON", JSON.stringify({ a: VALUE })],
  ["in JSON in JSON", JSON.stringify(JSON.stringify({ a: VALUE }))],
  ["in a URL", `https://a.test/?${new URLSearchParams({ q: VALUE })}`],
  ["in base64", base64(VALUE)],
  ["in base64 of a longer text", base64(`{"value":"${VALUE}"}`)],
  ["in base64 of a longer text, shifted by one", base64(`{"value": "${VALUE}"}`)],
  ["in base64 of a longer text, shifted by two", base64(`{"value":  "${VALUE}"}`)],
  ["in base64url", Buffer.from(`>${VALUE}`).toString("base64url")],
  ["in hex", Buffer.from(VALUE).toString("hex")],
  ["as a hash", createHash("sha256").update(VALUE).digest("hex")],
  ["as a shortened hash", createHash("sha256").update(VALUE).digest("hex").slice(0, 16)],
])("a secret is found %s", (_, text) => {
  expect(search(text)).toEqual(["value"]);
});

test("the bytes of a secret are found among other bytes", () => {
  const binary = Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(VALUE), Buffer.from([0xfe])]);
  expect(search(binary)).toEqual(["value"]);
  expect(search(Buffer.from("canary signing secret, 32 bytes."))).toEqual(["signing"]);
});

test("a text without the secrets has no match", () => {
  expect(search("canary- whsec_ 5d0f")).toEqual([]);
});
