import { answerJson, type ServerAnswer, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { createGitHubIdTokenSource, deliverSecret } from "../src/index.ts";
import { problem, stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { ID_TOKEN, SECRET } from "./fixtures.ts";
import { withoutBackoff } from "./without-backoff.ts";

const busy = problem(503, { code: "outcome_unsettled" });

const tokenExpiringAt = (exp: number, sub = "job") => {
  const claims = Buffer.from(JSON.stringify({ exp, sub })).toString("base64url");
  return `eyJhbGciOiJSUzI1NiJ9.${claims}.c2ln`;
};
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

withoutBackoff();

describe("the idToken option", () => {
  test("a function is called before each attempt", async () => {
    const { url, received } = await serveLoopback(busy, stored);
    let calls = 0;
    const idToken = () => {
      calls += 1;
      return `${ID_TOKEN}${calls}`;
    };
    await deliverSecret({ url, idToken, ...SECRET });
    expect(received.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${ID_TOKEN}1`,
      `Bearer ${ID_TOKEN}2`,
    ]);
  });

  test.each([
    ["throws", () => Promise.reject(new Error(`canary ${ID_TOKEN}`))],
    ["returns no JWT", () => "canary"],
    ["returns more than 8 KiB", () => `${"a".repeat(8_192)}.b.c`],
  ])("a function that %s ends the call, and nothing is sent", async (_, idToken) => {
    const { url, received } = await serveLoopback(stored);
    const error = await failureOf(deliverSecret({ url, idToken, ...SECRET }));
    expect(error).toMatchObject({ code: "id_token_unavailable", outcome: "not_applied" });
    expect(error.message).not.toContain("canary");
    expect(received).toEqual([]);
  });

  test("a function that fails after a lost attempt keeps the outcome unknown", async () => {
    const { url } = await serveLoopback((response) => response.destroy());
    const tokens = [ID_TOKEN];
    const idToken = () => tokens.pop() ?? "";
    const error = await failureOf(deliverSecret({ url, idToken, ...SECRET }));
    expect(error).toMatchObject({ code: "id_token_unavailable", outcome: "unknown" });
  });
});

describe("createGitHubIdTokenSource", () => {
  const source = (url: string) =>
    createGitHubIdTokenSource({
      requestUrl: `${url}/token?api-version=2.0`,
      requestToken: "request-token",
      audience: "https://secrets.example.com",
    });

  test("the request has the audience and the job's bearer token", async () => {
    const { url, received } = await serveLoopback(answerJson({ count: 1, value: ID_TOKEN }));
    expect(await source(url)()).toBe(ID_TOKEN);
    expect(received[0]?.url).toBe(
      "/token?api-version=2.0&audience=https%3A%2F%2Fsecrets.example.com",
    );
    expect(received[0]?.headers.authorization).toBe("Bearer request-token");
  });

  test("concurrent and later calls share a token until 1 minute before it expires", async () => {
    const token = tokenExpiringAt(inSeconds(300));
    const { url, received } = await serveLoopback(answerJson({ value: token }));
    const idToken = source(url);
    expect(await Promise.all([idToken(), idToken()])).toEqual([token, token]);
    expect(await idToken()).toBe(token);
    expect(received).toHaveLength(1);
  });

  test("a token that expires within 1 minute is replaced", async () => {
    const [old, fresh] = [tokenExpiringAt(inSeconds(59)), tokenExpiringAt(inSeconds(300))];
    const { url } = await serveLoopback(answerJson({ value: old }), answerJson({ value: fresh }));
    const idToken = source(url);
    expect([await idToken(), await idToken()]).toEqual([old, fresh]);
  });

  test.each<[string, ServerAnswer]>([
    ["an error", answerJson({ message: "canary" }, 403)],
    ["a redirect", answerJson({}, 302, { location: "http://127.0.0.1:1" })],
    ["another document", answerJson({ token: "canary" })],
  ])("%s of GitHub rejects with a fixed text, and the next call asks again", async (_, answer) => {
    const { url } = await serveLoopback(answer, answerJson({ value: ID_TOKEN }));
    const idToken = source(url);
    await expect(idToken()).rejects.toThrow(new Error("GitHub issued no OIDC token"));
    expect(await idToken()).toBe(ID_TOKEN);
  });
});
