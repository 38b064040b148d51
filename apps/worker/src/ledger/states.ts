import type { DeliveryState, Operation } from "@convai-secrets/protocol";

/** A delivery as the ledger knows it. Times are milliseconds since the epoch. */
export interface Delivery {
  readonly senderId: string;
  readonly id: string;
  readonly name: string;
  readonly fingerprint: string;
  /** Which ledger key made the fingerprint. Fingerprints of different keys cannot be compared. */
  readonly keyId: string;
  /** What the last call does to the secret; before a call, what the request asked for. */
  readonly operation: Operation;
  /** `new`: this request is the first of the delivery, or of a new attempt, and nothing is recorded. */
  readonly state: DeliveryState | "new";
  /** The secret that holds the value, or that an update of unknown outcome was sent to. */
  readonly secretId: string | null;
  /** The upstream's name of the stored secret, if it is not the requested one. */
  readonly secretName: string | null;
  /** The place in the order of all deliveries: microseconds since the epoch, unique. */
  readonly position: number;
  readonly seenAt: number;
  /** Calls that could write, so far. */
  readonly attempts: number;
  /** What is known about calls without an outcome; `null` if there are none. */
  readonly evidence: Evidence | null;
}

/** What is needed to settle the outcome of calls. */
export interface Evidence {
  /** Until when the last call can still be running, or a listing can still miss what it did. */
  readonly runningUntil: number;
  /** Of a create: the secrets before the call; `null` if they are not known. */
  readonly baseline: Baseline | null;
  /** Whether the delivery takes part in the order of its name. */
  readonly ordered: boolean;
  /** Whether an earlier call of this delivery ended without an outcome. */
  readonly uncertain: boolean;
  /** Whether only the operator can decide. */
  readonly undecidable: boolean;
}

/** The secrets that had the name, or a similar one, before a create: their ids. */
interface Baseline {
  readonly ids: readonly string[];
  readonly similar: readonly string[];
}

/** A name as the ledger knows it, whichever senders write to it. */
export interface NameState {
  readonly name: string;
  /** The secret that updates of this name go to. */
  readonly secretId: string | null;
  /** Secrets of this name that deliveries with `existing: create` made, newest last. */
  readonly created: readonly string[];
  /** The position of the newest ordered delivery that has started and was not rejected. */
  readonly position: number;
  /** {@link position} before that delivery started. */
  readonly positionBefore: number;
  /** Until when a call for this name without an observed answer can still be running. */
  readonly runningUntil: number;
  /** The content of that call. */
  readonly runningFingerprint: string | null;
  /** The delivery whose create has an unknown outcome. */
  readonly unsettled: DeliveryKey | null;
  /** When the last write of this name was recorded. */
  readonly writtenAt: number;
}

/** What identifies a delivery: ids belong to their sender. */
export interface DeliveryKey {
  readonly senderId: string;
  readonly id: string;
}

/** A name that the ledger has never written. */
export function createNameState(name: string): NameState {
  return {
    name,
    secretId: null,
    created: [],
    position: 0,
    positionBefore: 0,
    runningUntil: 0,
    runningFingerprint: null,
    unsettled: null,
    writtenAt: 0,
  };
}

/** When a delivery was first received, in milliseconds since the epoch. */
export function readReceiptTime({ position }: Pick<Delivery, "position">): number {
  return Math.floor(position / POSITIONS_PER_MS);
}

/** Positions are times, so that one number is the order, the receipt time and the page cursor. */
export const POSITIONS_PER_MS = 1_000;
