import { env } from "cloudflare:workers";
import type { Existing } from "@convai-secrets/protocol";
import type { DeliveryRequest } from "../../src/ledger/delivery-outcome.ts";
import type { Delivery } from "../../src/ledger/states.ts";

export const DAY_MS = 24 * 60 * 60 * 1_000;

/** A ledger of its own for each test, and a name that no other test uses. */
export function openOwnLedger(existing: Existing = "create") {
  const object = crypto.randomUUID();
  const name = `TEST_${crypto.randomUUID()}`;
  // A stub that met an exception is broken: each call opens its own, as the Worker does.
  const open = () => env.LEDGER.getByName(object);
  const deliver = async (
    id: string | undefined,
    value: string,
    more: Partial<DeliveryRequest> = {},
  ) => {
    const content = { operation: "create", existing, name, value } as const;
    const request = { senderId: "main", id, content, dryRun: false, ...more };
    return (await open().deliver(request)).outcome;
  };
  return { open, name, deliver };
}

/** A row of a delivery that was seen long ago. */
export function createRow(id: string, seenAt: number): Delivery {
  return {
    senderId: "main",
    id,
    name: "OLD",
    fingerprint: "digest",
    keyId: "key",
    operation: "create",
    state: "stored",
    secretId: "secret",
    secretName: null,
    position: seenAt * 1_000,
    seenAt,
    attempts: 1,
    evidence: null,
  };
}
