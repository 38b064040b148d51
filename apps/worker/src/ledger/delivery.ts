import type { StoredSecret } from "@convai-secrets/core";
import type { Delivered, UpstreamFailure } from "../delivered.ts";

/**
 * What the ledger remembers of a delivery:
 *
 * - `new`: nothing
 * - `pending`: an upstream call was begun, and no outcome has been recorded
 * - `stored`, `refused`: upstream said so, or a listing showed it
 * - `unknown`: nobody can know the outcome of the last call, until a listing settles it
 */
export type Delivery =
  | { readonly state: "new"; readonly attempts: 0 }
  | (Called & { readonly state: "pending" | "unknown" | "refused" })
  | (Called & { readonly state: "stored"; readonly secret: StoredSecret });

interface Called {
  /** Upstream calls begun so far. */
  readonly attempts: number;
  /** When the last one began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What had this name before the first call; `null` if that is not known. */
  readonly baseline: Baseline | null;
}

/** The secrets of a delivery's name as they were before its first call. */
export interface Baseline {
  readonly ids: readonly string[];
  /** When the listing began, in milliseconds since the epoch. */
  readonly at: number;
}

/** What asking upstream for the secrets of this name gave. */
export type Listing =
  | {
      readonly kind: "listed";
      /** When it began: what was stored later need not be in it. */
      readonly at: number;
      /** The ids of the secrets of exactly this name. */
      readonly ids: readonly string[];
      /** Those of them that other deliveries of this ledger are known to have made. */
      readonly claimed: ReadonlySet<string>;
      /** When the last call of another unsettled delivery of this name began; `null` without one. */
      readonly rivalStartedAt: number | null;
    }
  /** `impossible`: refused, now and later; `failed`: another try may do better. */
  | { readonly kind: "impossible" | "failed" };

/** What happens to a delivery. */
export type DeliveryEvent =
  | { readonly type: "received"; readonly sameContent: boolean }
  | { readonly type: "listed"; readonly listing: Listing }
  | { readonly type: "answered"; readonly secret: StoredSecret }
  | { readonly type: "failed"; readonly failure: UpstreamFailure };

/** What is to be done next; `post` only after the delivery has been recorded. */
export type Next =
  | { readonly do: "list" | "post" }
  | { readonly do: "answer"; readonly delivered: Delivered };

/** One pass of a delivery through the ledger, from its arrival to its answer. */
export interface Run {
  readonly delivery: Delivery;
  /** How the one upstream call of this run failed, if it was made and did. */
  readonly failure?: UpstreamFailure;
}

/** What a transition depends on besides the run and the event. */
export interface Terms {
  /** The name of the secret to store. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether unknown outcomes are settled by listing. */
  readonly reconcile: boolean;
  /** How long after its start an unanswered call may still be running. */
  readonly settleMs: number;
  /** How long the ledger remembers a delivery it has not seen again. */
  readonly retentionMs: number;
}

/** When to ask again after a listing that failed, at the earliest. */
const RELIST_MS = 5_000;

/**
 * The state machine of exactly-once delivery: pure, no I/O, no clock.
 *
 * From `unknown` there is one way to another upstream call: a listing without a new secret of that
 * name, after the last call can no longer be running. One run makes at most one call.
 */
export function transition(
  run: Run,
  event: DeliveryEvent,
  terms: Terms,
): { readonly run: Run; readonly next: Next } {
  switch (event.type) {
    case "received":
      return receive(run, event.sameContent, terms);
    case "listed":
      return isUnsettled(run.delivery)
        ? settle(run, run.delivery, event.listing, terms)
        : call(run.delivery, readBaseline(event.listing), terms);
    case "answered":
      return store(run.delivery, event.secret);
    case "failed":
      return fail(run, event.failure, terms);
  }
}

type Step = ReturnType<typeof transition>;
type Unsettled = Called & { readonly state: "pending" | "unknown" };

function receive(run: Run, sameContent: boolean, terms: Terms): Step {
  const { delivery } = run;
  if (!sameContent) return answer(run, { kind: "reused" });
  switch (delivery.state) {
    case "stored":
      return answer(run, { kind: "stored", secret: delivery.secret, replayed: true });
    case "new":
    case "refused":
      return terms.reconcile ? { run, next: { do: "list" } } : call(delivery, null, terms);
    case "pending":
    case "unknown": {
      // Its call belongs to no run of this process: whoever made it died before the record.
      const unknown: Run = { delivery: { ...delivery, state: "unknown" } };
      if (terms.reconcile) return { run: unknown, next: { do: "list" } };
      return answer(unknown, { kind: "undecidable" });
    }
  }
}

function readBaseline(listing: Listing): Baseline | null {
  return listing.kind === "listed" ? { ids: listing.ids, at: listing.at } : null;
}

function call(delivery: Delivery, baseline: Baseline | null, terms: Terms): Step {
  const attempts = delivery.attempts + 1;
  const pending: Delivery = { state: "pending", attempts, startedAt: terms.now, baseline };
  return { run: { delivery: pending }, next: { do: "post" } };
}

function store(delivery: Delivery, secret: StoredSecret): Step {
  if (!isUnsettled(delivery)) throw new TypeError("Only an unsettled delivery can become stored");
  const stored: Delivery = { ...delivery, state: "stored", baseline: null, secret };
  return answer({ delivery: stored }, { kind: "stored", secret, replayed: false });
}

function fail({ delivery }: Run, failure: UpstreamFailure, terms: Terms): Step {
  if (!isUnsettled(delivery)) throw new TypeError("Only a pending call can fail");
  if (failure.outcome === "not_created") {
    const refused: Delivery = { ...delivery, state: "refused", baseline: null };
    return answer({ delivery: refused }, { kind: "failed", failure });
  }
  const unknown: Run = { delivery: { ...delivery, state: "unknown" }, failure };
  if (terms.reconcile) return { run: unknown, next: { do: "list" } };
  return answer(unknown, { kind: "failed", failure });
}

function settle(run: Run, delivery: Unsettled, listing: Listing, terms: Terms): Step {
  if (listing.kind === "impossible") return answer(run, { kind: "undecidable" });
  const runsUntil = delivery.startedAt + terms.settleMs;
  if (listing.kind !== "listed") return postpone(run, Math.max(runsUntil - terms.now, RELIST_MS));

  const { baseline } = delivery;
  const candidates = listing.ids.filter(
    (id) => !listing.claimed.has(id) && !baseline?.ids.includes(id),
  );
  const [candidate] = candidates;
  if (candidate === undefined) {
    if (runsUntil > listing.at) return postpone(run, Math.max(runsUntil - terms.now, 1));
    // One call a run: whoever redelivers brings the next.
    if (run.failure !== undefined) return postpone(run, RELIST_MS);
    return call(delivery, baseline, terms);
  }
  // What a rival's call makes is claimed once it is recorded: wait for that while it may be running.
  const rivalUntil = (listing.rivalStartedAt ?? Number.NEGATIVE_INFINITY) + terms.settleMs;
  if (rivalUntil > terms.now) return postpone(run, rivalUntil - terms.now);
  if (candidates.length > 1 || baseline === null) return answer(run, { kind: "undecidable" });
  // A rival's call that ended before the baseline was listed cannot have made what came after; one
  // that did not may have been forgotten by now, and what it made is claimed by nobody then.
  const isRemembered = terms.now < baseline.at - terms.settleMs + terms.retentionMs;
  if (rivalUntil > baseline.at || !isRemembered) return answer(run, { kind: "undecidable" });
  return store(delivery, { type: "stored", secret_id: candidate, name: terms.name });
}

function postpone(run: Run, settlesInMs: number): Step {
  const { failure } = run;
  return answer(
    run,
    failure === undefined
      ? { kind: "unsettled", settlesInMs }
      : { kind: "failed", failure, settlesInMs },
  );
}

function answer(run: Run, delivered: Delivered): Step {
  return { run, next: { do: "answer", delivered } };
}

function isUnsettled(delivery: Delivery): delivery is Unsettled {
  return delivery.state === "pending" || delivery.state === "unknown";
}
