import { exports } from "cloudflare:workers";
import { type ProblemCode, problemType } from "@convai-secrets/protocol";
import { signRequest } from "@convai-secrets/testing/sign-request";
import { expect } from "vitest";
import { API_KEY, SIGNING_SECRET, TOKEN } from "./fixtures.ts";

export const WEBHOOK = "https://worker.test/v1/convai/secrets";

/** An answer of the Worker, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type SendOptions = Omit<RequestInit, "headers"> & {
  readonly headers?: HeadersInit;
  readonly url?: string;
};

/**
 * Sends a request to the Worker as it is deployed, and checks what holds for every answer: the
 * common headers, no CORS headers, no known secret. setup.ts checks it against the OpenAPI document.
 */
export async function send({ url = WEBHOOK, ...init }: SendOptions): Promise<Answer> {
  const request = new Request(url, { method: "POST", ...init } as RequestInit);
  const response = await exports.default.fetch(request);
  const { status, headers } = response;
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  for (const secret of [API_KEY, ...credentialsIn(request.headers)]) {
    expect(`${text}${JSON.stringify([...headers])}`).not.toContain(secret);
  }
  if (status >= 400) expect(headers.get("content-type")).toBe("application/problem+json");
  if (status >= 400 && request.method !== "HEAD") {
    expect(body["status"]).toBe(status);
    expect(body["type"]).toBe(problemType(body["code"] as ProblemCode));
    expect(body["request_id"]).toBe(headers.get("x-request-id"));
  }
  return { status, headers, text, body };
}

/** The credentials and ids of a request that an answer must not repeat. Only long words, because short ones match by chance. */
function credentialsIn(headers: Headers): string[] {
  return ["authorization", "xi-api-key", "webhook-signature", "idempotency-key"]
    .flatMap((name) => (headers.get(name) ?? "").split(/[\s,]+/))
    .filter((word) => word.length >= 16);
}

let count = 0;

/** A name that no other test uses. */
export function uniqueName(): string {
  count += 1;
  return `TEST_${count}_${crypto.randomUUID().slice(0, 8)}`;
}

/** The value of every secret here. No answer may contain it. */
export const VALUE = "canary-value-3f7c";

/** The body of a request, and the secret's name in it. */
export function secretBody(name = uniqueName(), value = VALUE): string {
  return JSON.stringify({ type: "new", name, value });
}

/** Sends a secret with a token. */
export async function create(
  body: BodyInit | null = secretBody(),
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await send({
    body,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
  });
  expect(answer.text).not.toContain(VALUE);
  return answer;
}

/** Signs as a sender does. */
export function sign(
  body: string,
  { id = `msg_${crypto.randomUUID()}`, at = new Date(), secret = SIGNING_SECRET } = {},
): Record<string, string> {
  return { "content-type": "application/json", ...signRequest(secret, { id, body, at }) };
}
