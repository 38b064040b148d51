import type { SecretsApiError, StoredSecret } from "@convai-secrets/core";
import type { Existing, Operation, ProblemCode } from "@convai-secrets/protocol";

/** What a sender wants to store. */
export type DeliveryContent =
  | {
      readonly operation: "create";
      readonly existing: Existing;
      readonly name: string;
      readonly value: string;
    }
  | {
      readonly operation: "update";
      /** The secret that the caller named in the path of its PATCH request. */
      readonly secretId: string;
      readonly existing: Existing;
      readonly name: string;
      readonly value: string;
    };

/** A delivery as the Worker hands it to the ledger: authenticated, valid and allowed. */
export interface DeliveryRequest {
  readonly senderId: string;
  /** `undefined`: the ledger derives it from sender, operation, name and value. */
  readonly id: string | undefined;
  readonly content: DeliveryContent;
  /** Answer what a real delivery would do now, and write nothing. */
  readonly dryRun: boolean;
}

/** How a call to the upstream failed, as plain data that can cross RPC. */
export type UpstreamFailure = Pick<
  SecretsApiError,
  | "code"
  | "outcome"
  | "status"
  | "retryAfterMs"
  | "requestId"
  | "upstreamCode"
  | "issues"
  | "handlerEnded"
>;

/** The problem codes with which the ledger itself ends a delivery. */
export type LedgerProblemCode = Extract<
  ProblemCode,
  | "idempotency_key_reused"
  | "name_taken"
  | "name_not_managed"
  | "name_ambiguous"
  | "superseded"
  | "secret_not_found"
  | "outcome_unknown"
  | "sender_paused"
  | "misconfigured"
>;

/**
 * How a request for a delivery ended:
 *
 * - `stored`: the upstream has the value; `replayed` if an earlier request of this delivery stored it
 * - `dry_run`: what a real delivery would do now
 * - `rejected`: by a rule of the ledger
 * - `unsettled`: an earlier call for this delivery or name may still be running
 * - `failed`: by a call of this request to the upstream. With `settlesInMs` if the outcome is not
 *   known yet: a retry after that many milliseconds can settle it
 */
export type DeliveryOutcome =
  | {
      readonly kind: "stored";
      readonly secret: StoredSecret;
      readonly result: "created" | "updated";
      readonly replayed: boolean;
    }
  | {
      readonly kind: "dry_run";
      readonly would: "create" | "update" | "replay";
      readonly secretId?: string;
    }
  | { readonly kind: "rejected"; readonly code: LedgerProblemCode }
  | { readonly kind: "unsettled"; readonly settlesInMs: number }
  | {
      readonly kind: "failed";
      readonly failure: UpstreamFailure;
      readonly settlesInMs?: number;
    };

/** How one listing of a delivery ended. `impossible`: the upstream does not permit it. */
export type ListingEnd = "listed" | "failed" | "impossible";

/** What the Worker learns about a delivery: its outcome, and facts for its log line. */
export interface DeliveryReport {
  /** `undefined` if the id had to be derived and the ledger stopped before. */
  readonly deliveryId: string | undefined;
  readonly outcome: DeliveryOutcome;
  /** What the delivery does to its secret, once that is decided. */
  readonly operation: Operation | undefined;
  /** How each listing of this request ended, in order. */
  readonly listings: readonly ListingEnd[];
  /** Calls of this request that could write. */
  readonly calls: number;
}

/** A request that made no call. */
export function reportWithoutCall(
  deliveryId: string | undefined,
  outcome: DeliveryOutcome,
): DeliveryReport {
  return { deliveryId, outcome, operation: undefined, listings: [], calls: 0 };
}
