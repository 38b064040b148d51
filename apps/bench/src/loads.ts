import { randomBytes } from "node:crypto";
import { HEADERS, MAX_BODY_BYTES, PATHS } from "@convai-secrets/protocol";
import type { Load } from "./load.ts";

const CREATE = {
  method: "POST",
  path: PATHS.secrets,
  headers: { "content-type": "application/json" },
} as const;

let count = 0;

/** A body of "Create secret" that has exactly so many bytes. */
export function formatBody(name: string, bytes: number): string {
  const [head, tail] = [`{"type":"new","name":"${name}","value":"`, '"}'];
  return head + "v".repeat(bytes - head.length - tail.length) + tail;
}

/**
 * New deliveries of these senders in turn. Each has its own name, because writes of one name wait
 * for each other, and its own id.
 */
export function deliveries(tokens: readonly string[], bodyBytes = 100): Load {
  return createLoad(tokens, () => formatBody(`BENCH_${count}`, bodyBytes));
}

/** Rotations of as many names as there are connections. Each delivery has a new value. */
export function updates(tokens: readonly string[], names: number): Load {
  return createLoad(tokens, () => {
    const value = `${count}`.padStart(40, "0");
    return JSON.stringify({ type: "new", name: `ROTATED_${count % names}`, value });
  });
}

function createLoad(tokens: readonly string[], createBody: () => string): Load {
  return {
    status: 200,
    next: () => {
      count += 1;
      const headers = {
        ...CREATE.headers,
        authorization: `Bearer ${tokens[count % tokens.length]}`,
        [HEADERS.idempotencyKey]: `bench-${count}`,
      };
      return { ...CREATE, body: createBody(), headers };
    },
  };
}

/** A page of the sender's deliveries, again and again. */
export function listings(token: string): Load {
  const headers = { authorization: `Bearer ${token}` };
  return { status: 200, next: () => ({ method: "GET", path: PATHS.deliveries, headers }) };
}

/** The longest bodies with a well-formed signature that is wrong, from so many client addresses. */
export function forgeries(addresses: number): Load {
  const body = formatBody("BENCH", MAX_BODY_BYTES);
  const headers = {
    ...CREATE.headers,
    [HEADERS.webhookTimestamp]: String(Math.floor(Date.now() / 1000)),
    [HEADERS.webhookSignature]: `v1,${randomBytes(32).toString("base64")}`,
  };
  return {
    status: [401, 429],
    mayEndConnection: true,
    next: () => {
      count += 1;
      const client = { "cf-connecting-ip": formatAddress(count % Math.min(addresses, 2 ** 24)) };
      const id = { [HEADERS.webhookId]: `msg_${count}` };
      return { ...CREATE, body, headers: { ...headers, ...client, ...id } };
    },
  };
}

/** Bodies without any credential. */
export function unauthenticated(bodyBytes: number): Load {
  // autocannon adds content-length to the headers that it gets.
  const headers = { ...CREATE.headers };
  const request = { ...CREATE, headers, body: formatBody("BENCH", bodyBytes) };
  return { status: [401, 429], mayEndConnection: true, next: () => request };
}

/** An address of the private range 10.0.0.0/8. */
function formatAddress(index: number): string {
  return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}
