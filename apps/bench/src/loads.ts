import { randomBytes } from "node:crypto";
import type { Load } from "./load.ts";

/** The longest body the Worker takes. */
export const MAX_BODY_BYTES = 64 * 1024;

const CREATE = {
  method: "POST",
  path: "/v1/convai/secrets",
  headers: { "content-type": "application/json" },
} as const;

let count = 0;

/** A body of "Create secret" of so many bytes. */
export function formatBody(bytes: number): string {
  const [head, tail] = ['{"type":"new","name":"BENCH","value":"', '"}'];
  return head + "v".repeat(bytes - head.length - tail.length) + tail;
}

/** Deliveries, each with an id of its own, of these senders in turn. */
export function deliveries(tokens: readonly string[], bodyBytes = 100): Load {
  const body = formatBody(bodyBytes);
  return {
    status: 200,
    next: () => {
      count += 1;
      const authorization = `Bearer ${tokens[count % tokens.length]}`;
      const id = { "idempotency-key": `bench-${count}` };
      return { ...CREATE, body, headers: { ...CREATE.headers, ...id, authorization } };
    },
  };
}

/** A page of the sender's deliveries, again and again. */
export function listings(token: string): Load {
  const headers = { authorization: `Bearer ${token}` };
  return { status: 200, next: () => ({ method: "GET", path: "/v1/deliveries", headers }) };
}

/** A stranger's longest bodies under a signature of the right form, which nobody made. */
export function forgeries(): Load {
  const body = formatBody(MAX_BODY_BYTES);
  const headers = {
    ...CREATE.headers,
    "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
    "webhook-signature": `v1,${randomBytes(32).toString("base64")}`,
  };
  return {
    status: 401,
    next: () => {
      count += 1;
      return { ...CREATE, body, headers: { ...headers, "webhook-id": `msg_${count}` } };
    },
  };
}

/** A stranger's bodies without any credentials. */
export function strangers(bodyBytes: number): Load {
  const request = { ...CREATE, body: formatBody(bodyBytes) };
  return { status: 401, mayEndConnection: true, next: () => request };
}
