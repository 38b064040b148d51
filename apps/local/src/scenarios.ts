import { deliverSecret } from "@convai-secrets/client";
import { type DeliveryResult, PATHS } from "@convai-secrets/protocol";
import type { LocalStack } from "./local-stack.ts";

/** The path that stores a secret. */
export const PATH = PATHS.secrets;

/** What a scenario sends, and how. */
interface Delivery {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly name: string;
  readonly value: string;
}

/** A request of the demo, and its expected result. */
export interface Scenario {
  readonly title: string;
  readonly name: string;
  /** Sends one request. */
  readonly send: (delivery: Delivery) => Promise<unknown>;
  /** Whether it sends the new value of the name. Default: the first value. */
  readonly sendsNewValue?: boolean;
  /** Makes the upstream fail, before the request. */
  readonly prepare?: () => void;
  readonly expected: Expectation;
}

/** The expected result of a scenario. */
export interface Expectation {
  readonly status: number;
  /** The `code` of a problem. Without it, the answer is the secret that the upstream has. */
  readonly code?: string;
  /** The header `convai-secrets-result` of a stored secret. */
  readonly result?: DeliveryResult;
  /** How many writes of the name the upstream received so far. */
  readonly writes: number;
  /** How many secrets of the name the upstream has. */
  readonly stored: number;
}

/** The scenarios of the demo, in order. */
export function listScenarios({ credentials, upstream }: LocalStack): Scenario[] {
  const sign = (id: string) => signedBy(credentials.signingSecret, id);
  const unknownSecret = `whsec_${Buffer.alloc(32).toString("base64")}`;
  return [
    {
      title: "A signed delivery creates a secret with the Worker's API key",
      name: "DEMO_SIGNED",
      send: sign("msg_1"),
      expected: { status: 200, result: "created", writes: 1, stored: 1 },
    },
    {
      title: "The same delivery again is answered by the ledger",
      name: "DEMO_SIGNED",
      send: sign("msg_1"),
      expected: { status: 200, result: "replayed", writes: 1, stored: 1 },
    },
    {
      title: "A new value replaces the old one, and the secret_id stays the same",
      name: "DEMO_SIGNED",
      send: sign("msg_2"),
      sendsNewValue: true,
      expected: { status: 200, result: "updated", writes: 2, stored: 1 },
    },
    {
      title: "A token works as well, in the header of the official SDKs",
      name: "DEMO_TOKEN",
      send: withToken(credentials.token),
      expected: { status: 200, result: "created", writes: 1, stored: 1 },
    },
    {
      title: "A signature with another secret is rejected",
      name: "DEMO_FORGED",
      send: signedBy(unknownSecret, "msg_3"),
      expected: { status: 401, code: "unauthenticated", writes: 0, stored: 0 },
    },
    {
      title: "A name outside the sender's patterns is rejected",
      name: "PRODUCTION_DB",
      send: sign("msg_4"),
      expected: { status: 403, code: "name_not_allowed", writes: 0, stored: 0 },
    },
    {
      title:
        "ElevenLabs stores a secret and answers 502: the ledger finds it and sends nothing again",
      name: "DEMO_UNKNOWN",
      send: sign("msg_5"),
      prepare: () => upstream.upstream.inject({ kind: "answer", status: 502, store: true }),
      expected: { status: 200, result: "created", writes: 1, stored: 1 },
    },
  ];
}

/** Sends with the client library, without its retries, because each request is observed. */
function signedBy(signingSecret: string, id: string): Scenario["send"] {
  return (delivery) => deliverSecret({ ...delivery, signingSecret, id, maxAttempts: 1 });
}

/** Sends as an official SDK does with another base URL. */
function withToken(token: string): Scenario["send"] {
  return ({ url, fetch, signal, name, value }) =>
    fetch(url + PATH, {
      method: "POST",
      headers: { "content-type": "application/json", "xi-api-key": token },
      body: JSON.stringify({ type: "new", name, value }),
      signal,
    });
}
