import type { Existing } from "@convai-secrets/protocol";
import { type Delivery, type NameState, readReceiptTime } from "./states.ts";
import { LIST_LAG_MS } from "./timing.ts";
import type { Listing } from "./upstream.ts";

/** A listing that succeeded, and when it began. */
export type DatedListing = Extract<Listing, { kind: "listed" }> & { readonly at: number };

/** What a listing says about a create without an outcome. */
export type Settlement =
  | { readonly kind: "stored"; readonly secretId: string }
  /** Nothing was stored, and the call can no longer be running. */
  | { readonly kind: "nothing" }
  | { readonly kind: "wait"; readonly until: number }
  | { readonly kind: "undecidable" };

/** Which secret a delivery writes to. */
type Choice =
  | { readonly kind: "create" }
  | { readonly kind: "update"; readonly secretId: string }
  | { readonly kind: "wait"; readonly until: number }
  | {
      readonly kind: "rejected";
      readonly code: "name_taken" | "name_not_managed" | "name_ambiguous";
    };

/** How long a derived id that was overtaken counts as a late retry, in milliseconds. */
const LATE_RETRY_MS = 10 * 60 * 1_000;

/**
 * The rules of exactly once and in order, each one a pure function. docs/exactly-once.md gives the
 * reasons. Tests replace single rules, to show that the simulator finds what each one prevents.
 */
export interface Rules {
  /** Whether a newer delivery of the name has started and was not rejected (invariant 3). */
  isOvertaken(delivery: Delivery, name: NameState): boolean;
  /** Whether an overtaken derived id is a late retry, or else a return to the old value. */
  isLateRetry(delivery: Delivery, now: number): boolean;
  /** Until when a call for another value of the name can still be running (invariant 2). */
  findBlock(delivery: Delivery, name: NameState): number;
  /** What a listing says about a create without an outcome (invariant 4). */
  settle(delivery: Delivery, name: NameState, listing: DatedListing): Settlement;
  /** Which secret a delivery writes to, by the policy `existing` and a listing. */
  choose(
    existing: Existing,
    name: NameState,
    listing: DatedListing,
    terms: { readonly settleMs: number },
  ): Choice;
  /** When a call that ended without an outcome can no longer be running (invariants 2 and 4). */
  findEnd(call: EndedCall, settleMs: number): number;
}

/** A call without an outcome. */
export interface EndedCall {
  /** When the request left. */
  readonly leftAt: number;
  readonly endedAt: number;
  readonly timeoutMs: number;
  readonly handlerEnded: boolean;
}

export const RULES: Rules = {
  isOvertaken: ({ position }, name) => position < name.position,

  isLateRetry: (delivery, now) => now < readReceiptTime(delivery) + LATE_RETRY_MS,

  findBlock: ({ fingerprint }, { runningUntil, runningFingerprint }) =>
    runningFingerprint === fingerprint ? 0 : runningUntil,

  findEnd: ({ leftAt, endedAt, timeoutMs, handlerEnded }, settleMs) =>
    handlerEnded ? endedAt + LIST_LAG_MS : leftAt + timeoutMs + settleMs,

  settle({ evidence }, name, listing) {
    if (evidence === null || listing.unreadable) return { kind: "undecidable" };
    const { baseline, runningUntil } = evidence;
    const known = new Set([...(baseline?.ids ?? []), ...name.created, name.secretId]);
    const [found, ...more] = listing.ids.filter((id) => !known.has(id));
    const isSimilarNew = listing.similar.some(
      ({ secretId }) => !baseline?.similar.includes(secretId),
    );
    if (isSimilarNew || more.length > 0) return { kind: "undecidable" };
    if (found !== undefined) {
      return baseline === null ? { kind: "undecidable" } : { kind: "stored", secretId: found };
    }
    if (listing.at < runningUntil) return { kind: "wait", until: runningUntil };
    return { kind: "nothing" };
  },

  choose(existing, name, { ids, unreadable, at }, { settleMs }) {
    if (existing === "create") return { kind: "create" };
    // What this ledger wrote a moment ago need not be listed yet.
    const listedBy = name.writtenAt + settleMs;
    const isFresh = at < listedBy;
    if (existing === "reject") {
      const isKnown = name.secretId !== null || name.created.length > 0;
      const exists = ids.length > 0 || unreadable || (isFresh && isKnown);
      return exists ? { kind: "rejected", code: "name_taken" } : { kind: "create" };
    }
    if (unreadable) return { kind: "rejected", code: "name_ambiguous" };
    const isComplete = name.created.every((id) => ids.includes(id));
    if (!isComplete && isFresh) return { kind: "wait", until: listedBy };
    const [own, ...more] = name.created.filter((id) => ids.includes(id));
    if (own !== undefined && more.length === 0) return { kind: "update", secretId: own };
    const [only, ...others] = ids;
    if (only === undefined) return { kind: "create" };
    if (others.length > 0) return { kind: "rejected", code: "name_ambiguous" };
    if (existing === "adopt") return { kind: "update", secretId: only };
    return { kind: "rejected", code: "name_not_managed" };
  },
};
