import type { DeliveryContent, DeliveryOutcome, UpstreamFailure } from "./delivery-outcome.ts";
import type { Rules } from "./rules.ts";
import type { Delivery, NameState } from "./states.ts";

/** One request's pass of a delivery through the ledger, while it holds its name. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly name: NameState;
  /** Another delivery whose create must be settled first. */
  readonly other: Delivery | null;
  /** What the next listing is for. */
  readonly purpose: "settle" | "settle-other" | "choose";
  /** How the first call of this request without an outcome failed. */
  readonly failure: UpstreamFailure | null;
  /** Secrets that the upstream answered 404 for in this request. A listing may still show them. */
  readonly forgotten: readonly string[];
  /** Calls of this request that could write. */
  readonly calls: number;
  /** Whether the upstream rejected a create of this request because of the name. */
  readonly conflicted: boolean;
}

/** What a transition depends on besides the attempt and the event. */
export interface Terms {
  readonly now: number;
  readonly content: DeliveryContent;
  /** Whether the ledger derived the delivery's id from its content. */
  readonly derived: boolean;
  /** Whether unknown outcomes are settled by listing. */
  readonly reconcile: boolean;
  /** How long a call can go on after the upstream was hung up on. */
  readonly settleMs: number;
  /** Until when this request may wait for an earlier call. */
  readonly waitUntil: number;
  /** Until when this request may start another call. */
  readonly callUntil: number;
  readonly rules: Rules;
}

/** What to do next. A call starts only after the attempt has been recorded. */
export type Action =
  | { readonly do: "begin" }
  | { readonly do: "wait"; readonly until: number }
  | { readonly do: "list"; readonly similar: boolean }
  | { readonly do: "call" }
  | { readonly do: "answer"; readonly outcome: DeliveryOutcome };

export interface Step {
  readonly attempt: Attempt;
  readonly action: Action;
}

/** The delivery takes part in the order of its name: each `create` makes a secret of its own. */
export function isOrdered({ existing, operation }: DeliveryContent): boolean {
  return operation === "update" || existing !== "create";
}

export function answer(attempt: Attempt, outcome: DeliveryOutcome): Step {
  return { attempt, action: { do: "answer", outcome } };
}

/** Ends the request with the delivery still open: a retry goes on from here. It keeps its place. */
export function postpone(attempt: Attempt, settlesInMs: number): Step {
  const { delivery, failure } = attempt;
  const state = delivery.state === "new" ? "waiting" : delivery.state;
  const waiting =
    state === delivery.state ? attempt : { ...attempt, delivery: { ...delivery, state } };
  const ms = Math.max(Math.ceil(settlesInMs), 1);
  return answer(
    waiting,
    failure === null
      ? { kind: "unsettled", settlesInMs: ms }
      : { kind: "failed", failure, settlesInMs: ms },
  );
}
