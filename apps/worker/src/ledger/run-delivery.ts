import type { CreateSecretRequest } from "@convai-secrets/core";
import type { Delivered } from "../delivered.ts";
import { type DeliveryEvent, type Listing, type Run, type Terms, transition } from "./delivery.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { LedgerRow, LedgerStore } from "./store.ts";
import { listNamed, postSecret, type Upstream } from "./upstream.ts";
import type { WriteQueue } from "./write-queue.ts";

/** A delivery whose id and fingerprint are known. */
export interface IdentifiedDelivery {
  readonly id: string;
  readonly secret: CreateSecretRequest;
  readonly fingerprint: Fingerprint;
}

/**
 * Takes one delivery through the state machine: does what it says is next, records each change
 * before doing it, and feeds back what came of it.
 */
export async function runDelivery(
  { id, secret, fingerprint }: IdentifiedDelivery,
  { store, writes }: { readonly store: LedgerStore; readonly writes: WriteQueue },
  upstream: Upstream,
  policy: Omit<Terms, "name" | "now">,
): Promise<Delivered> {
  const { name } = secret;
  const row = store.find(id);
  let run: Run = { delivery: row?.delivery ?? { state: "new", attempts: 0 } };
  let event: DeliveryEvent = {
    type: "received",
    sameContent: row === undefined || isSameContent(row, { name, fingerprint }),
  };
  for (;;) {
    const now = Date.now();
    const step = transition(run, event, { ...policy, name, now });
    const hasChanged = step.run.delivery !== run.delivery;
    run = step.run;
    const { delivery } = run;
    if (hasChanged) await writes.add(() => store.save(id, { name, fingerprint, delivery }, now));
    switch (step.next.do) {
      case "list":
        event = { type: "listed", listing: await list(id, name, store, upstream) };
        break;
      case "post":
        event = await postSecret(secret, upstream);
        break;
      case "answer":
        if (!hasChanged) await writes.add(() => store.touch(id, now));
        return step.next.delivered;
    }
  }
}

/**
 * Whether an id comes with the content it came with before. Where that cannot be told, since every
 * key that opened the earlier fingerprint's has been rotated away, the sender is believed.
 */
export function isSameContent(
  known: Omit<LedgerRow, "delivery">,
  given: Omit<LedgerRow, "delivery">,
): boolean {
  if (known.name !== given.name) return false;
  return (
    known.fingerprint.keyId !== given.fingerprint.keyId ||
    known.fingerprint.digest === given.fingerprint.digest
  );
}

async function list(
  id: string,
  name: string,
  store: LedgerStore,
  upstream: Upstream,
): Promise<Listing> {
  const at = Date.now();
  const ids = await listNamed(name, upstream);
  if (typeof ids === "string") return { kind: ids };
  const claimed = store.findClaimed(ids, id);
  return { kind: "listed", at, ids, claimed, rivalStartedAt: store.findRivalStart(name, id) };
}
