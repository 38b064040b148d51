import type { Operation } from "@convai-secrets/protocol";
import type { Clock } from "./clock.ts";
import type { DeliveryContent, DeliveryOutcome, ListingEnd } from "./delivery-outcome.ts";
import { leaveInTime } from "./leave-in-time.ts";
import { noteDecisions } from "./note-decisions.ts";
import { OPERATION_RULES } from "./operations/index.ts";
import type { Positions } from "./positions.ts";
import type { Rules } from "./rules.ts";
import type { Delivery } from "./states.ts";
import type { Action, Attempt, Terms } from "./step.ts";
import type { LedgerStore } from "./store/ledger-store.ts";
import type { LedgerEvent, transition } from "./transition.ts";
import type { Listing, Upstream } from "./upstream.ts";
import type { WriteQueue } from "./write-queue.ts";

/** What a delivery runs with. Tests and the simulator pass in their own. */
export interface RunDependencies {
  readonly store: LedgerStore;
  readonly writes: WriteQueue;
  readonly clock: Clock;
  /** Resolves when everything written so far is durable. */
  readonly durable: () => Promise<void>;
  readonly positions: Positions;
  readonly transition: typeof transition;
  readonly rules: Rules;
}

/** What one delivery runs with besides. */
export interface RunOptions {
  readonly content: DeliveryContent;
  readonly derived: boolean;
  readonly dryRun: boolean;
  readonly upstream: Upstream;
  readonly reconcile: boolean;
  readonly settleMs: number;
  /** When the request began. */
  readonly startedAt: number;
}

/** A delivery that holds its name, as the ledger sees it while it runs. */
export interface Run {
  attempt: Attempt;
  readonly listings: ListingEnd[];
  slot: number | undefined;
  /** What the slot holds: the delivery as it was before its last call. */
  journaled: Delivery | undefined;
}

/** With the API key and the listings, 14 s: webhook senders hang up after 15 to 30 s. */
const BUDGET_MS = 14_000;
const LIST_TIMEOUT_MS = 2_500;

/** How long a request waits for an earlier call of its name. */
export const WAIT_MS = 3_000;

/**
 * Takes one delivery through the state machine: does what it says is next, records each change
 * before acting on it, and feeds back what came of it.
 */
export async function runDelivery(
  run: Run,
  deps: RunDependencies,
  options: RunOptions,
): Promise<DeliveryOutcome> {
  const { clock, positions } = deps;
  const begun = (): LedgerEvent => ({ type: "begun", position: positions.next(clock.now()) });
  let event = begun();
  for (;;) {
    const before = run.attempt;
    const step = deps.transition(before, event, createTerms(deps, options));
    const { action } = step;
    if (options.dryRun && action.do === "call") return describeEffect(step.attempt.delivery);
    run.attempt = step.attempt;
    if (!options.dryRun) await record(run, before, action, deps);
    switch (action.do) {
      case "begin":
        event = begun();
        break;
      case "wait":
        await clock.sleep(action.until - clock.now()).done;
        event = begun();
        break;
      case "list":
        event = await list(run, action.similar, deps, options);
        break;
      case "call":
        event = await call(run.attempt.delivery, deps, options);
        break;
      case "answer":
        return options.dryRun
          ? describeAnswer(run.attempt.delivery, action.outcome)
          : action.outcome;
    }
  }
}

function createTerms({ clock, rules }: RunDependencies, options: RunOptions): Terms {
  const { startedAt } = options;
  return {
    ...options,
    now: clock.now(),
    waitUntil: options.dryRun ? 0 : startedAt + WAIT_MS,
    callUntil: startedAt + BUDGET_MS - OPERATION_RULES.update.timeoutMs,
    rules,
  };
}

/** Writes what a step has changed: a call into the journal, anything else into the tables. */
async function record(
  run: Run,
  before: Attempt,
  action: Action,
  { store, writes, clock }: RunDependencies,
): Promise<void> {
  const { delivery, name, other } = run.attempt;
  if (action.do === "call") {
    run.slot ??= store.journal.takeSlot();
    const { slot } = run;
    await writes.add(() => store.journal.write(slot, delivery));
    run.journaled = delivery;
    return;
  }
  const changed: Delivery[] = [];
  if (other !== null && other !== before.other) changed.push(other);
  if (delivery !== before.delivery && delivery.state !== "new" && delivery.state !== "pending") {
    changed.push({ ...delivery, seenAt: clock.now() });
  }
  const changedName = name === before.name ? undefined : name;
  const outcome = action.do === "answer" ? action.outcome : undefined;
  const notes = noteDecisions(
    store,
    { delivery, other, managed: name.secretId, outcome },
    clock.now(),
  );
  if (changed.length === 0 && changedName === undefined && notes === undefined) return;
  await writes.add(() => {
    store.record(changed, changedName);
    notes?.();
  });
}

async function list(
  run: Run,
  similar: boolean,
  { clock, store }: RunDependencies,
  { upstream, startedAt }: RunOptions,
): Promise<LedgerEvent> {
  const at = clock.now();
  const { name } = run.attempt.name;
  const timeoutMs = Math.min(LIST_TIMEOUT_MS, Math.max(startedAt + BUDGET_MS - at, 1));
  const listing = await upstream.list(name, { timeoutMs, similar });
  run.listings.push(listing.kind);
  return { type: "listed", listing: dropManaged(listing, store), at };
}

/** Another name's own secret says nothing about this name. */
function dropManaged(listing: Listing, store: LedgerStore): Listing {
  if (listing.kind !== "listed" || listing.similar.length === 0) return listing;
  const similar = listing.similar.filter(({ secretId, name }) => {
    const managed = store.names.find(name);
    return managed.secretId !== secretId && !managed.created.includes(secretId);
  });
  return { ...listing, similar };
}

async function call(
  delivery: Delivery,
  { clock, durable }: RunDependencies,
  { upstream, content }: RunOptions,
): Promise<LedgerEvent> {
  const { operation, secretId } = delivery;
  const { send, timeoutMs } = OPERATION_RULES[operation];
  const leave = leaveInTime(clock, durable, clock.now() + timeoutMs);
  const { name, value } = content;
  const { beforeLeaving } = leave;
  const end = await send(upstream, secretId, { name, value }, { timeoutMs, beforeLeaving });
  if (end.kind === "answered") return { type: "answered", ...end };
  const leftAt = leave.leftAt();
  const endedAt = clock.now();
  const { handlerEnded } = end.failure;
  // A request that never left has applied nothing, whatever the error says.
  const failure =
    leftAt === undefined ? ({ ...end.failure, outcome: "not_applied" } as const) : end.failure;
  return {
    type: "failed",
    failure,
    leftAt: leftAt ?? endedAt,
    endedAt,
    timeoutMs,
    handlerEnded,
  };
}

function describeEffect({ operation, secretId }: Delivery): DeliveryOutcome {
  const would: Operation = operation;
  return { kind: "dry_run", would, ...(secretId === null ? {} : { secretId }) };
}

function describeAnswer({ secretId }: Delivery, outcome: DeliveryOutcome): DeliveryOutcome {
  if (outcome.kind !== "stored") return outcome;
  return { kind: "dry_run", would: "replay", ...(secretId === null ? {} : { secretId }) };
}
