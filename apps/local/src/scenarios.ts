import { Webhook } from "standardwebhooks";
import type { LocalStack } from "./local-stack.js";

/** A request of the demo and what must come of it. */
export interface Scenario {
  readonly title: string;
  readonly name: string;
  readonly headers: (body: string) => Record<string, string>;
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
  const sign =
    (id: string, secret = credentials.signingSecret) =>
    (body: string) =>
      signedHeaders(id, body, secret);
  const stranger = `whsec_${Buffer.alloc(32).toString("base64")}`;
  return [
    {
      title: "A signed delivery is forwarded with the bound key",
      name: "DEMO_SIGNED",
      headers: sign("msg_1"),
      expected: { status: 200, stored: 1 },
    },
    {
      title: "A token does as well, where the SDKs put their API key",
      name: "DEMO_TOKEN",
      headers: () => ({ "xi-api-key": credentials.token }),
      expected: { status: 200, stored: 1 },
    },
    {
      title: "A signature by another secret is refused",
      name: "DEMO_FORGED",
      headers: sign("msg_2", stranger),
      expected: { status: 401, code: "unauthenticated", stored: 0 },
    },
    {
      title: "A name outside the sender's patterns is refused",
      name: "PRODUCTION_DB",
      headers: sign("msg_3"),
      expected: { status: 403, code: "name_not_allowed", stored: 0 },
    },
    {
      title: "The first delivery again is answered from the ledger",
      name: "DEMO_SIGNED",
      headers: sign("msg_1"),
      expected: { status: 200, replayed: true, stored: 1 },
    },
    {
      title:
        "Upstream stores, then answers 502: the ledger finds the secret, nothing is sent twice",
      name: "DEMO_UNKNOWN",
      headers: sign("msg_4"),
      prepare: () => upstream.upstream.inject({ kind: "answer", status: 502, store: true }),
      expected: { status: 200, stored: 1 },
    },
  ];
}

function signedHeaders(id: string, body: string, secret: string): Record<string, string> {
  const now = new Date();
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
}
