import { expect, test } from "vitest";
import { RULES, type Settlement } from "../../src/ledger/rules.ts";
import { transition } from "../../src/ledger/transition.ts";
import { INVARIANTS } from "./invariants.ts";
import { createRandom } from "./random.ts";
import { simulate } from "./simulate.ts";
import type { Mutation } from "./simulated-worker.ts";

/*
 * Each rule is removed in turn, in the shipped ledger. The simulator must then find a violation of
 * the invariant that the rule exists for.
 */

const MAX_SEEDS = 500;
const DELIVERIES = 200;

const never = () => {};

const MUTATIONS: readonly (readonly [string, keyof typeof INVARIANTS, Mutation])[] = [
  [
    "the journal entry before the call",
    1,
    {
      store: ({ journal }) => {
        journal.write = never;
      },
    },
  ],
  [
    "the exclusion of secrets that were there before the call",
    1,
    {
      rules: {
        settle: (delivery, name, listing) => {
          const [secretId] = listing.ids;
          if (secretId !== undefined) return { kind: "stored", secretId };
          return RULES.settle(delivery, name, listing);
        },
      },
    },
  ],
  [
    "the wait for a call of another value that can still be running",
    2,
    { rules: { findBlock: () => 0 } },
  ],
  [
    "the name's lock",
    2,
    {
      ledger: ({ locks }) => {
        locks.isHeld = () => false;
        locks.acquire = async () => never;
      },
    },
  ],
  [
    "the memory that a repeated update's first call can still be running",
    2,
    {
      transition: (attempt, event, terms) => {
        const step = transition(attempt, event, terms);
        if (event.type !== "answered") return step;
        const name = { ...step.attempt.name, runningUntil: 0 };
        return { ...step, attempt: { ...step.attempt, name } };
      },
    },
  ],
  ["the end of an older delivery that was overtaken", 3, { rules: { isOvertaken: () => false } }],
  [
    "the record of a delivery that has to wait",
    3,
    {
      store: ({ deliveries }) => {
        const save = deliveries.save.bind(deliveries);
        deliveries.save = (delivery) => {
          if (delivery.state !== "waiting") save(delivery);
        };
      },
    },
  ],
  [
    "the settle time",
    4,
    {
      rules: {
        settle: (delivery, name, listing): Settlement => {
          const settlement = RULES.settle(delivery, name, listing);
          return settlement.kind === "wait" ? { kind: "nothing" } : settlement;
        },
      },
    },
  ],
  [
    "the count of the settle time from when the request left",
    4,
    { rules: { findEnd: ({ endedAt }) => endedAt } },
  ],
  [
    "the creation of a deleted secret",
    5,
    {
      transition: (attempt, event, terms) => {
        if (event.type === "failed" && event.failure.code === "not_found") {
          const outcome = { kind: "failed", failure: event.failure } as const;
          const delivery = { ...attempt.delivery, state: "rejected" as const, evidence: null };
          return { attempt: { ...attempt, delivery }, action: { do: "answer", outcome } };
        }
        return transition(attempt, event, terms);
      },
    },
  ],
  [
    "the repeat of an update without an outcome to the same secret",
    6,
    {
      transition: (attempt, event, terms) => {
        const { delivery } = attempt;
        const isLost = delivery.state === "unknown" && delivery.operation === "update";
        const forgotten = { ...delivery, state: "waiting" as const, secretId: null };
        return transition(isLost ? { ...attempt, delivery: forgotten } : attempt, event, terms);
      },
    },
  ],
  [
    "the old order after a rejection",
    6,
    {
      transition: (attempt, event, terms) => {
        const step = transition(attempt, event, terms);
        const { delivery, name } = step.attempt;
        if (delivery.state !== "rejected") return step;
        const position = Math.max(name.position, delivery.position);
        return { ...step, attempt: { ...step.attempt, name: { ...name, position } } };
      },
    },
  ],
];

test.each(MUTATIONS)(
  "without %s, the simulator finds a violation of invariant %i",
  async (_, invariant, mutation) => {
    const found = new Set<string>();
    for (let seed = 1; seed <= MAX_SEEDS; seed += 1) {
      const random = createRandom(seed);
      const { violations } = await simulate({ random, deliveries: DELIVERIES, mutation });
      for (const violation of violations) found.add(INVARIANTS[violation.invariant]);
      if (found.has(INVARIANTS[invariant])) return;
    }
    expect([...found]).toContain(INVARIANTS[invariant]);
  },
);
