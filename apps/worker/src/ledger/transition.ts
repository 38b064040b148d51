import { endUndecided } from "./operations/create.ts";
import { OPERATION_RULES } from "./operations/index.ts";
import { type FailedCall, recordRejection } from "./operations/operation.ts";
import { replay, restart, supersede } from "./receive.ts";
import { recordStored } from "./record-stored.ts";
import type { DatedListing, Settlement } from "./rules.ts";
import { startCall } from "./start-call.ts";
import type { Delivery, NameState } from "./states.ts";
import { type Attempt, answer, isOrdered, postpone, type Step, type Terms } from "./step.ts";
import { RELIST_MS } from "./timing.ts";
import type { CallEnd, Listing } from "./upstream.ts";

/** What happens to an attempt. */
export type LedgerEvent =
  /** The attempt holds its name, or has waited. `position` is a fresh place in the order. */
  | { readonly type: "begun"; readonly position: number }
  | { readonly type: "listed"; readonly listing: Listing; readonly at: number }
  | ({ readonly type: "answered" } & Extract<CallEnd, { kind: "answered" }>)
  | ({ readonly type: "failed" } & FailedCall);

/**
 * The state machine of exactly once and in order: pure, without I/O or clock. docs/exactly-once.md
 * draws it.
 */
export function transition(attempt: Attempt, event: LedgerEvent, terms: Terms): Step {
  switch (event.type) {
    case "begun":
      return begin(attempt, event.position, terms);
    case "listed":
      if (attempt.purpose === "choose") return chooseSecret(attempt, event, terms);
      return settle(attempt, event, terms);
    case "answered": {
      const { secret_id, name } = event.secret;
      return store(attempt, { secretId: secret_id, secretName: name }, terms);
    }
    case "failed":
      return OPERATION_RULES[attempt.delivery.operation].fail(attempt, event, terms);
  }
}

function begin(attempt: Attempt, position: number, terms: Terms): Step {
  const { delivery, name, other } = attempt;
  const isOvertaken = isOrdered(terms.content) && terms.rules.isOvertaken(delivery, name);
  const isReturn = terms.derived && !terms.rules.isLateRetry(delivery, terms.now);
  switch (delivery.state) {
    case "stored":
      if (!isOvertaken || !terms.derived) return replay(attempt);
      return isReturn ? restart(attempt, position) : answer(attempt, SUPERSEDED);
    case "superseded":
      return isReturn ? restart(attempt, position) : answer(attempt, SUPERSEDED);
    case "unknown":
      if (delivery.evidence?.undecidable) return answer(attempt, OUTCOME_UNKNOWN);
  }
  if (other !== null && isOpen(other)) {
    if (terms.reconcile) return list(attempt, "settle-other");
    return settleOther(attempt, other, { kind: "undecidable" }, terms);
  }
  const isCreateOpen = isOpen(delivery);
  if (isCreateOpen && !terms.reconcile) return endUndecided(attempt);
  if (isCreateOpen) return list(attempt, "settle");
  if (isOvertaken) return isReturn ? restart(attempt, position) : supersede(attempt);

  const until = terms.rules.findBlock(delivery, name);
  if (until > terms.now) {
    if (until <= terms.waitUntil) return { attempt, action: { do: "wait", until } };
    return postpone(attempt, until - terms.now);
  }
  return findTarget(attempt, terms);
}

/** The outcome of the delivery's create is unknown, and a listing can settle it. */
function isOpen({ state, operation, evidence }: Delivery): boolean {
  return state === "unknown" && operation === "create" && !evidence?.undecidable;
}

/** Finds the secret to write to: from the ledger if it knows it, else from a listing. */
function findTarget(attempt: Attempt, terms: Terms): Step {
  const { delivery, name } = attempt;
  const { content } = terms;
  const isUnknown = delivery.state === "unknown" && delivery.operation === "update";
  const isStillManaged = name.secretId === null || name.secretId === delivery.secretId;
  // Whatever policy and listing say now: only a repeat to the same secret settles the outcome.
  if (isUnknown && isStillManaged) {
    return startCall(attempt, "update", { secretId: delivery.secretId, baseline: null }, terms);
  }
  // After a 404, the delivery creates the secret of its name again.
  const isRecreation = delivery.attempts > 0 && delivery.secretId === null;
  if (content.operation === "update" && !isRecreation) {
    const { secretId, existing } = content;
    const isManaged =
      name.secretId === null ? name.created.includes(secretId) : name.secretId === secretId;
    const isPermitted = existing === "update" || existing === "adopt";
    if (isManaged && isPermitted) {
      return startCall(attempt, "update", { secretId, baseline: null }, terms);
    }
    if (isUnknown) return endUndecided(attempt);
    const unchanged = delivery.state === "new" ? attempt : recordRejection(attempt);
    return answer(unchanged, { kind: "rejected", code: "secret_not_found" });
  }
  const [only, ...more] = name.created;
  const known = name.secretId ?? (more.length === 0 ? only : undefined);
  if (content.existing === "create") {
    if (terms.reconcile) return list(attempt, "choose");
    return startCall(attempt, "create", { secretId: null, baseline: null }, terms);
  }
  if (content.existing === "reject" || known === undefined) return list(attempt, "choose");
  return startCall(attempt, "update", { secretId: known, baseline: null }, terms);
}

function list(attempt: Attempt, purpose: Attempt["purpose"]): Step {
  const similar = purpose !== "choose";
  return { attempt: { ...attempt, purpose }, action: { do: "list", similar } };
}

type Listed = Extract<LedgerEvent, { type: "listed" }>;

function chooseSecret(attempt: Attempt, { listing, at }: Listed, terms: Terms): Step {
  const { existing } = terms.content;
  if (listing.kind !== "listed") {
    if (existing === "create" && listing.kind === "impossible") {
      return startCall(attempt, "create", { secretId: null, baseline: null }, terms);
    }
    // Without a listing, a lost create could not be settled. So nothing is sent.
    const waiting = postpone(attempt, RELIST_MS).attempt;
    return answer(waiting, { kind: "failed", failure: listing.failure });
  }
  const ids = listing.ids.filter((id) => !attempt.forgotten.includes(id));
  const choice = terms.rules.choose(existing, attempt.name, { ...listing, ids, at }, terms);
  switch (choice.kind) {
    case "wait":
      return postpone(attempt, choice.until - terms.now);
    case "rejected":
      return answer(recordRejection(attempt), choice);
    case "update":
      return startCall(attempt, "update", { secretId: choice.secretId, baseline: null }, terms);
    case "create": {
      const similar = listing.similar.map(({ secretId }) => secretId);
      const baseline = listing.unreadable ? null : { ids: listing.ids, similar };
      // What this ledger made and the upstream no longer lists was deleted.
      const name = existing === "create" ? attempt.name : { ...attempt.name, created: [] };
      return startCall({ ...attempt, name }, "create", { secretId: null, baseline }, terms);
    }
  }
}

/** Settles a create without an outcome: of this delivery, or of the one that has to come first. */
function settle(attempt: Attempt, { listing, at }: Listed, terms: Terms): Step {
  const open = attempt.purpose === "settle" ? attempt.delivery : attempt.other;
  if (open === null) return { attempt, action: { do: "begin" } };
  const settlement = readSettlement(open, attempt.name, listing, at, terms);
  if (attempt.purpose === "settle-other") return settleOther(attempt, open, settlement, terms);
  switch (settlement.kind) {
    case "stored":
      return store(attempt, { secretId: settlement.secretId, secretName: open.name }, terms);
    case "undecidable":
      return endUndecided(attempt);
    case "wait":
      return postpone(attempt, settlement.until - terms.now);
    case "nothing": {
      const reopened = { ...attempt, ...reopen(open, attempt.name) };
      // A request makes one create: the next one comes with a retry.
      if (attempt.failure !== null) return postpone(reopened, RELIST_MS);
      return { attempt: reopened, action: { do: "begin" } };
    }
  }
}

function readSettlement(
  open: Delivery,
  name: NameState,
  listing: Listing,
  at: number,
  { rules, now }: Terms,
): Settlement {
  if (listing.kind === "impossible") return { kind: "undecidable" };
  if (listing.kind === "listed")
    return rules.settle(open, name, { ...listing, at } as DatedListing);
  return { kind: "wait", until: Math.max(open.evidence?.runningUntil ?? 0, now + RELIST_MS) };
}

function settleOther(
  attempt: Attempt,
  other: Delivery,
  settlement: Settlement,
  terms: Terms,
): Step {
  const next: Step["action"] = { do: "begin" };
  switch (settlement.kind) {
    case "stored": {
      const { secretId } = settlement;
      const secret = { secretId, secretName: other.name };
      const settled = recordStored(other, attempt.name, secret, terms.now);
      return { attempt: { ...attempt, other: settled.delivery, name: settled.name }, action: next };
    }
    case "nothing": {
      const reopened = reopen(other, attempt.name);
      return {
        attempt: { ...attempt, other: reopened.delivery, name: reopened.name },
        action: next,
      };
    }
    case "undecidable": {
      const ended = endUndecided({ ...attempt, delivery: other }).attempt;
      return { attempt: { ...attempt, other: ended.delivery, name: ended.name }, action: next };
    }
    case "wait":
      return postpone(attempt, settlement.until - terms.now);
  }
}

/** Nothing was stored. The delivery keeps its place, and that a call was lost is remembered. */
function reopen(delivery: Delivery, name: NameState) {
  return {
    delivery: { ...delivery, state: "waiting" as const },
    name: { ...name, unsettled: null },
  };
}

type Stored = Pick<Delivery, "secretId" | "secretName">;

function store(attempt: Attempt, secret: Stored, { now }: Terms): Step {
  const stored = recordStored(attempt.delivery, attempt.name, secret, now);
  return replay({ ...attempt, ...stored }, false);
}

const SUPERSEDED = { kind: "rejected", code: "superseded" } as const;
const OUTCOME_UNKNOWN = { kind: "rejected", code: "outcome_unknown" } as const;
