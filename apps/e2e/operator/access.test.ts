import { startIssuer, startTestStack } from "@convai-secrets/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type OperatorStack, startOperatorStack, USER } from "./support/operator-stack.ts";

const HEADER = "cf-access-jwt-assertion";
const PAGES = ["", "/deliveries", "/delivery", "/names", "/name", "/decision", "/check", "/other"];

let stack: OperatorStack;
beforeAll(async () => {
  stack = await startOperatorStack();
});
afterAll(() => stack.stop());

async function open(path: string, assertion?: string, method = "GET"): Promise<Response> {
  const headers: Record<string, string> = assertion === undefined ? {} : { [HEADER]: assertion };
  return fetch(`${stack.url}/operator${path}`, { method, headers, redirect: "manual" });
}

test("every operator page is 404 without OPERATOR_ACCESS, even with a valid assertion", async () => {
  const other = await startTestStack();
  onTestFinished(other.stop);
  for (const path of PAGES) {
    for (const method of ["GET", "POST", "PUT"]) {
      const response = await fetch(`${other.url}/operator${path}`, {
        method,
        headers: { [HEADER]: await stack.access.sign() },
      });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: "not_found" });
    }
  }
});

test.each<[string, () => Promise<string | undefined>]>([
  ["no assertion", async () => undefined],
  ["an empty assertion", async () => ""],
  ["an assertion for another application", () => stack.access.sign({ aud: ["other"] })],
  ["an assertion of another team", () => stack.access.sign({ iss: "https://other.example" })],
  ["an expired assertion", () => stack.access.sign({ iat: 1_000_000, exp: 1_000_300 })],
  ["an assertion without a user", () => stack.access.sign({ email: undefined })],
  [
    "an assertion that another key signed",
    async () => {
      const forger = await startIssuer();
      onTestFinished(forger.stop);
      const { team, aud } = JSON.parse(stack.access.binding);
      return forger.sign({ iss: team, aud: [aud], email: USER });
    },
  ],
])("every operator page is 403 with %s, whatever the method", async (_, sign) => {
  const assertion = await sign();
  for (const path of PAGES) {
    for (const method of ["GET", "POST"]) {
      const response = await open(path, assertion, method);
      expect([path, method, response.status]).toEqual([path, method, 403]);
      const text = await response.text();
      expect(text).toContain("Sign in through Cloudflare Access");
      expect(text).not.toContain(stack.creator.id);
    }
  }
});

test("an operator page has a strict content security policy and is never stored", async () => {
  const { status, headers } = await open("", await stack.access.sign());
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toMatchObject({
    "cache-control": "no-store",
    "content-type": "text/html; charset=utf-8",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
});

test("the operator's pages accept only the methods that they have", async () => {
  const assertion = await stack.access.sign();
  expect((await open("", assertion, "HEAD")).status).toBe(200);
  for (const [path, method, allow] of [
    ["/names", "POST", "GET, HEAD"],
    ["/names", "PUT", "GET, HEAD"],
    ["/decision", "PUT", "GET, HEAD, POST"],
    ["/check", "DELETE", "GET, HEAD, POST"],
  ] as const) {
    const response = await open(path, assertion, method);
    expect([path, response.status, response.headers.get("allow")]).toEqual([path, 405, allow]);
  }
  expect((await open("/other", assertion)).status).toBe(404);
});
