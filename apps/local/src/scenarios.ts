import { deliverSecret } from "@convai-secrets/client";
import type { LocalStack } from "./local-stack.ts";

/** Where the Worker takes secrets. */
export const PATH = "/v1/convai/secrets";

/** What a scenario sends, and over what. */
interface Delivery {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly name: string;
  readonly value: string;
}

/** A request of the demo and what must come of it. */
export interface Scenario {
  readonly title: string;
  readonly name: string;
  /** Sends one request. */
  readonly send: (delivery: Delivery) => Promise<unknown>;
  /** Makes upstream misbehave, before the request. */
  readonly prepare?: () => void;
  readonly expected: Expectation;
}

/** What a scenario promises. */
export interface Expectation {
  readonly status: number;
  /** The `code` of a refusal; without one, the answer is the secret that upstream holds. */
  readonly code?: string;
  readonly replayed?: boolean;
  /** How many POSTs of that name upstream received so far, and how many secrets it holds. */
  readonly stored: number;
}

/** What the demo shows, in its order. */
export function listScenarios({ credentials, upstream }: LocalStack): Scenario[] {
  const sign = (id: string) => signedBy(credentials.signingSecret, id);
  const unknownSecret = `whsec_${Buffer.alloc(32).toString("base64")}`;
  return [
    {
      title: "A signed delivery is forwarded with the bound key",
      name: "DEMO_SIGNED",
      send: sign("msg_1"),
      expected: { status: 200, stored: 1 },
    },
    {
      title: "A token does as well, where the SDKs put their API key",
      name: "DEMO_TOKEN",
      send: withToken(credentials.token),
      expected: { status: 200, stored: 1 },
    },
    {
      title: "A signature by another secret is refused",
      name: "DEMO_FORGED",
      send: signedBy(unknownSecret, "msg_2"),
      expected: { status: 401, code: "unauthenticated", stored: 0 },
    },
    {
      title: "A name outside the sender's patterns is refused",
      name: "PRODUCTION_DB",
      send: sign("msg_3"),
      expected: { status: 403, code: "name_not_allowed", stored: 0 },
    },
    {
      title: "The first delivery again is answered from the ledger",
      name: "DEMO_SIGNED",
      send: sign("msg_1"),
      expected: { status: 200, replayed: true, stored: 1 },
    },
    {
      title:
        "Upstream stores, then answers 502: the ledger finds the secret, nothing is sent twice",
      name: "DEMO_UNKNOWN",
      send: sign("msg_4"),
      prepare: () => upstream.upstream.inject({ kind: "answer", status: 502, store: true }),
      expected: { status: 200, stored: 1 },
    },
  ];
}

/** By the package for senders, which would try again what fails: here each request is looked at. */
function signedBy(signingSecret: string, id: string): Scenario["send"] {
  return (delivery) => deliverSecret({ ...delivery, signingSecret, id, maxAttempts: 1 });
}

/** As an official SDK does with another base URL. */
function withToken(token: string): Scenario["send"] {
  return ({ url, fetch, signal, name, value }) =>
    fetch(url + PATH, {
      method: "POST",
      headers: { "content-type": "application/json", "xi-api-key": token },
      body: JSON.stringify({ type: "new", name, value }),
      signal,
    });
}
