import { expect, test } from "vitest";
import { useStart } from "./program.ts";

const readOutput = useStart();

const findUrl = (label: string) =>
  new RegExp(`^${label} +(http://\\S+)$`, "m").exec(readOutput())?.[1] ?? "";

test("npm start prints a link that opens the operator's page", async () => {
  const response = await fetch(findUrl("The operator's page"));
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("operator@example.com");
});

test("the operator's page rejects a request without an Access assertion", async () => {
  const response = await fetch(`${findUrl("The Worker")}/operator`);
  expect(response.status).toBe(403);
});

test("the operator's forms work through the local stand-in for Cloudflare Access", async () => {
  const url = new URL(findUrl("The operator's page"));
  const headers = { origin: url.origin, "sec-fetch-site": "same-origin" };
  const post = (body: URLSearchParams, more: object) =>
    fetch(`${url}/check`, { method: "POST", body, headers: { ...headers, ...more } });
  expect((await post(new URLSearchParams(), {})).status).toBe(200);
  expect((await post(new URLSearchParams(), { origin: "https://example.com" })).status).toBe(403);
});
