import type { DeliveryState, Operation } from "@convai-secrets/protocol";

/*
 * What the operator's page reads from the ledger, and what it can decide. All times are milliseconds
 * since the epoch. Every list is limited, so that its cost does not grow with the ledger.
 */

/** Something that only a person can decide. */
export type PendingDecision =
  | {
      readonly kind: "outcome_unknown";
      readonly senderId: string;
      readonly deliveryId: string;
      readonly name: string;
      readonly since: number;
    }
  | {
      /** `name_ambiguous`: several secrets have the name. `name_not_managed`: not created here. */
      readonly kind: "name_ambiguous" | "name_not_managed";
      /** Whose delivery met the name last. */
      readonly senderId: string;
      readonly name: string;
      readonly since: number;
    };

/** A decision, a pause or a resumption that was recorded. */
export interface RecordedAction {
  readonly action: "this_is_the_secret" | "it_was_not_stored" | "adopt" | "pause" | "resume";
  readonly user: string;
  readonly at: number;
  /** The sender of the delivery, or the sender that was paused or resumed. */
  readonly senderId: string | null;
  readonly deliveryId: string | null;
  readonly name: string | null;
  readonly secretId: string | null;
}

/** The first screen: what needs a decision, and the newest recorded actions. */
export interface Overview {
  readonly decisions: readonly PendingDecision[];
  readonly actions: readonly RecordedAction[];
}

/** A sender that the ledger has seen or that is paused. */
export interface SenderActivity {
  readonly id: string;
  /** `null` if it was never seen. After a restart of the object it can be up to an hour behind. */
  readonly lastSeenAt: number | null;
  readonly paused: { readonly user: string; readonly at: number } | null;
  /** The last 24 hours, oldest first: deliveries by the hour of their first receipt. */
  readonly hours: readonly HourlyCounts[];
  /** Whether the counts stop early because the sender has more deliveries than are counted. */
  readonly countsAreMinimum: boolean;
}

/** Deliveries of one hour. */
export interface HourlyCounts {
  readonly startsAt: number;
  readonly stored: number;
  /** Rejected, superseded, or with unknown outcome. */
  readonly failed: number;
}

/** A delivery in the operator's lists. */
export interface DeliveryEntry {
  readonly senderId: string;
  readonly id: string;
  readonly name: string;
  readonly operation: Operation;
  readonly state: DeliveryState;
  readonly secretId: string | null;
  readonly createdAt: number;
  /** To the day. */
  readonly lastSeenAt: number;
  readonly attempts: number;
  /** Whether the outcome can only be decided by the operator. */
  readonly needsDecision: boolean;
}

/** Which deliveries to list, newest first. */
export interface DeliveryFilter {
  readonly senderId?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly name?: string | undefined;
  /** 1 to 100. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly before?: number | undefined;
}

/** A page of deliveries. With a filter, a page can be short although `next` is not `null`. */
export interface DeliveryList {
  readonly deliveries: readonly DeliveryEntry[];
  readonly next: number | null;
}

/** A name, and the secret that the ledger manages under it. */
interface NameEntry {
  readonly name: string;
  readonly secretId: string | null;
  /** Further secrets of this name that senders with `existing: create` made. */
  readonly otherSecretIds: readonly string[];
}

/** A page of names in alphabetical order. */
export interface NameList {
  readonly names: readonly NameEntry[];
  /** The parameter `after` of the next page; `null` on the last page. */
  readonly next: string | null;
}

/** A secret of a fresh listing that a decision can choose. */
export interface Candidate {
  readonly secretId: string;
  readonly name: string;
  /** Whether the ledger already manages it. */
  readonly managed: boolean;
}

/** A fresh listing for a decision. */
export type CandidateList =
  | { readonly kind: "listed"; readonly candidates: readonly Candidate[] }
  | { readonly kind: "failed" | "impossible" };

/** What the operator decides. `user` is recorded. */
export type Decision =
  | {
      readonly action: "this_is_the_secret";
      readonly senderId: string;
      readonly deliveryId: string;
      readonly secretId: string;
      readonly user: string;
    }
  | {
      readonly action: "it_was_not_stored";
      readonly senderId: string;
      readonly deliveryId: string;
      readonly user: string;
    }
  | {
      readonly action: "adopt";
      readonly name: string;
      readonly secretId: string;
      readonly user: string;
    }
  | { readonly action: "pause" | "resume"; readonly senderId: string; readonly user: string };

/**
 * What became of a decision:
 *
 * - `done`: applied and recorded
 * - `stale`: the delivery or the name no longer needs it, or the secret is not listed under the name
 * - `running`: a call may still be running; try again after `settlesInMs`
 * - `unavailable`: the listing that the decision needs failed
 */
export type DecisionResult =
  | { readonly kind: "done" | "stale" | "unavailable" }
  | { readonly kind: "running"; readonly settlesInMs: number };

/** Whether the ledger belongs to the configured host. `unset`: before the first delivery. */
export interface HostCheck {
  readonly host: "matches" | "differs" | "unset";
}
