import type { Clock } from "./clock.ts";
import type { CandidateList, Decision, DecisionResult } from "./operator-view.ts";
import { recordStored } from "./record-stored.ts";
import type { Delivery, NameState } from "./states.ts";
import type { LedgerStore } from "./store/ledger-store.ts";
import type { Listing, Upstream } from "./upstream.ts";
import type { WorkspaceLedger } from "./workspace-ledger.ts";

/** What a decision works on. */
export interface DecisionContext {
  readonly store: LedgerStore;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly ledger: Pick<WorkspaceLedger, "locks" | "senderLog" | "checkHost" | "claimHost">;
  /** The configured host. The secrets of another workspace say nothing about this ledger's names. */
  readonly host: string;
}

type DeliveryDecision = Extract<Decision, { deliveryId: string }>;
type Adoption = Extract<Decision, { action: "adopt" }>;

const LIST_TIMEOUT_MS = 5_000;
const WAIT_MS = 5_000;

/** The secrets that have this name, or a similar one, upstream now. */
export async function listCandidates(
  name: string,
  { store, upstream, ledger, host }: DecisionContext,
): Promise<CandidateList> {
  if (ledger.checkHost(host) === "differs") return { kind: "failed" };
  const listing = await upstream.list(name, { timeoutMs: LIST_TIMEOUT_MS, similar: true });
  if (listing.kind !== "listed") return { kind: listing.kind };
  const exact = listing.ids.map((secretId) => ({ secretId, name }));
  const candidates = [...exact, ...listing.similar].map((secret) => {
    const { secretId, created } = store.names.find(secret.name);
    const managed = secretId === secret.secretId || created.includes(secret.secretId);
    return { ...secret, managed };
  });
  return { kind: "listed", candidates };
}

/**
 * Carries out what the operator has decided, and records it with user and time. A decision about a
 * name holds the name, so that no delivery writes it meanwhile.
 */
export async function decide(
  decision: Decision,
  context: DecisionContext,
): Promise<DecisionResult> {
  if (decision.action === "pause" || decision.action === "resume") {
    return setPaused(decision, context);
  }
  if (context.ledger.checkHost(context.host) === "differs") return { kind: "unavailable" };
  switch (decision.action) {
    case "adopt":
      return holdName(decision.name, context, () => adopt(decision, context));
    case "this_is_the_secret":
    case "it_was_not_stored": {
      const { senderId, deliveryId: id } = decision;
      const delivery = context.store.deliveries.find({ senderId, id });
      if (delivery === undefined) return { kind: "stale" };
      return holdName(delivery.name, context, () => decideOutcome(decision, context));
    }
  }
}

function setPaused(
  { action, senderId, user }: Extract<Decision, { action: "pause" | "resume" }>,
  { store, clock, ledger }: DecisionContext,
): DecisionResult {
  const at = clock.now();
  return store.transaction(() => {
    const hasChanged = ledger.senderLog.setPaused(
      senderId,
      action === "pause" ? { user, at } : null,
    );
    if (!hasChanged) return { kind: "stale" };
    const subject = { senderId, deliveryId: null, name: null, secretId: null };
    store.operator.addAction({ action, user, at, ...subject });
    return { kind: "done" };
  });
}

async function holdName(
  name: string,
  { ledger }: DecisionContext,
  work: () => Promise<DecisionResult>,
): Promise<DecisionResult> {
  const release = await ledger.locks.acquire(name, WAIT_MS);
  if (release === undefined) return { kind: "running", settlesInMs: WAIT_MS };
  try {
    return await work();
  } finally {
    release();
  }
}

async function decideOutcome(
  decision: DeliveryDecision,
  { store, upstream, clock }: DecisionContext,
): Promise<DecisionResult> {
  const { action, user, senderId, deliveryId } = decision;
  const delivery = store.deliveries.find({ senderId, id: deliveryId });
  if (delivery?.state !== "unknown" || !delivery.evidence?.undecidable) return { kind: "stale" };
  const name = store.names.find(delivery.name);
  const secretId = action === "this_is_the_secret" ? decision.secretId : null;
  let settled: { readonly delivery: Delivery; readonly name: NameState };
  if (secretId === null) {
    const settlesInMs = delivery.evidence.runningUntil - clock.now();
    if (settlesInMs > 0) return { kind: "running", settlesInMs };
    settled = { delivery: { ...delivery, state: "waiting", evidence: null }, name };
  } else {
    const listing = await upstream.list(name.name, { timeoutMs: LIST_TIMEOUT_MS, similar: true });
    if (listing.kind !== "listed") return { kind: "unavailable" };
    if (!isFree(secretId, listing, delivery, name)) return { kind: "stale" };
    settled = recordStored(delivery, name, { secretId, secretName: delivery.name }, clock.now());
  }
  store.transaction(() => {
    store.record([settled.delivery], settled.name);
    store.operator.removeDecision(name.name, delivery);
    const at = clock.now();
    store.operator.addAction({ action, user, at, senderId, deliveryId, name: name.name, secretId });
  });
  return { kind: "done" };
}

/** Whether the secret is listed, and is not another delivery's. */
function isFree(
  secretId: string,
  listing: Extract<Listing, { kind: "listed" }>,
  delivery: Delivery,
  name: NameState,
): boolean {
  if (delivery.operation === "update") return delivery.secretId === secretId;
  if (name.secretId === secretId || name.created.includes(secretId)) return false;
  const similar = listing.similar.map((secret) => secret.secretId);
  return [...listing.ids, ...similar].includes(secretId);
}

async function adopt(
  { action, name, secretId, user }: Adoption,
  { store, upstream, clock, ledger, host }: DecisionContext,
): Promise<DecisionResult> {
  const state = store.names.find(name);
  const settlesInMs = state.runningUntil - clock.now();
  if (settlesInMs > 0) return { kind: "running", settlesInMs };
  const listing = await upstream.list(name, { timeoutMs: LIST_TIMEOUT_MS, similar: false });
  if (listing.kind !== "listed") return { kind: "unavailable" };
  if (!listing.ids.includes(secretId)) return { kind: "stale" };
  const created = state.created.filter((id) => id !== secretId);
  store.transaction(() => {
    ledger.claimHost(host);
    store.names.save({ ...state, secretId, created });
    store.operator.removeDecision(name);
    const subject = { senderId: null, deliveryId: null, name, secretId };
    store.operator.addAction({ action, user, at: clock.now(), ...subject });
  });
  return { kind: "done" };
}
