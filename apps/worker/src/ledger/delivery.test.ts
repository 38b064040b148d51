import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "../delivered.ts";
import {
  type Delivery,
  type DeliveryEvent,
  type Listing,
  type Next,
  type Run,
  transition,
} from "./delivery.ts";

const NAME = "CRM_TOKEN";
const SETTLE_MS = 60_000;
const POLICY = { reconcile: true, settleMs: SETTLE_MS, retentionMs: 7 * 86_400_000 };
const START: Run = { delivery: { state: "new", attempts: 0 } };
const RECEIVED: DeliveryEvent = { type: "received", sameContent: true };

const failure = (outcome: UpstreamFailure["outcome"]): UpstreamFailure => ({
  code: outcome === "unknown" ? "failed" : "rejected",
  outcome,
  status: undefined,
  retryAfterMs: undefined,
  requestId: undefined,
  issues: [],
});
type Listed = Extract<Listing, { kind: "listed" }>;
/** A listing; unless told otherwise, one that took no time. */
const listed =
  (ids: string[], more: Partial<Listed> = {}) =>
  (now: number): DeliveryEvent => ({
    type: "listed",
    listing: { kind: "listed", at: now, ids, claimed: new Set(), rivalStartedAt: null, ...more },
  });

type EventAt = DeliveryEvent | ((now: number) => DeliveryEvent);

/** Feeds events one after another, each at its time, and gives the last step. */
function feed(run: Run, ...events: [now: number, event: EventAt][]) {
  let step: { run: Run; next: Next } = { run, next: { do: "list" } };
  for (const [now, given] of events) {
    const event = typeof given === "function" ? given(now) : given;
    step = transition(step.run, event, { ...POLICY, name: NAME, now });
  }
  return step;
}

/** A delivery whose call at 1,000 ms failed unknown, as the ledger would load it later. */
function unknownSince1000(baseline: string[] | null = []): Run {
  const delivery: Delivery = {
    state: "unknown",
    attempts: 1,
    startedAt: 1_000,
    baseline: baseline && { ids: baseline, at: 900 },
  };
  return { delivery };
}

const answer = (step: { next: Next }) =>
  step.next.do === "answer" ? step.next.delivered : step.next.do;

describe("what a listing settles", () => {
  test("one new secret of the name is the delivery's", () => {
    const step = feed(
      unknownSince1000(["old"]),
      [2_000, RECEIVED],
      [2_000, listed(["old", "new"])],
    );
    const secret = { type: "stored", secret_id: "new", name: NAME };
    expect(answer(step)).toEqual({ kind: "stored", secret, replayed: false });
    expect(step.run.delivery).toMatchObject({ state: "stored", secret });
  });

  test("two new secrets leave it undecidable", () => {
    const step = feed(unknownSince1000(), [2_000, RECEIVED], [2_000, listed(["a", "b"])]);
    expect(answer(step)).toEqual({ kind: "undecidable" });
  });

  test("a secret that another delivery made is not a candidate", () => {
    const claimed = new Set(["a"]);
    const step = feed(
      unknownSince1000(),
      [2_000, RECEIVED],
      [2_000, listed(["a", "b"], { claimed })],
    );
    expect(answer(step)).toMatchObject({ kind: "stored", secret: { secret_id: "b" } });
  });

  test("a secret that may be an unsettled rival's is not taken, while it runs and after", () => {
    const rival = listed(["new"], { rivalStartedAt: 1_500 });
    const early = feed(unknownSince1000(), [2_000, RECEIVED], [2_000, rival]);
    expect(answer(early)).toEqual({ kind: "unsettled", settlesInMs: 59_500 });
    const late = feed(unknownSince1000(), [90_000, RECEIVED], [90_000, rival]);
    expect(answer(late)).toEqual({ kind: "undecidable" });
  });

  test("several new secrets, or no baseline, are no verdict while a rival's call may be running", () => {
    const rival = listed(["a", "b"], { rivalStartedAt: 1_500 });
    for (const baseline of [[], null]) {
      const early = feed(unknownSince1000(baseline), [2_000, RECEIVED], [2_000, rival]);
      expect(answer(early)).toEqual({ kind: "unsettled", settlesInMs: 59_500 });
      const late = feed(unknownSince1000(baseline), [90_000, RECEIVED], [90_000, rival]);
      expect(answer(late)).toEqual({ kind: "undecidable" });
    }
  });

  test("a rival whose call was over before the baseline takes nothing away", () => {
    const rival = listed(["new"], { rivalStartedAt: 900 - SETTLE_MS });
    const step = feed(unknownSince1000(), [2_000, RECEIVED], [2_000, rival]);
    expect(answer(step)).toMatchObject({ kind: "stored" });
  });

  test("a new secret may be that of a rival which the ledger has forgotten since", () => {
    const rememberedUntil = 900 - SETTLE_MS + POLICY.retentionMs;
    const settle = (now: number) =>
      feed(unknownSince1000(), [now, RECEIVED], [now, listed(["new"])]);
    expect(answer(settle(rememberedUntil - 1))).toMatchObject({ kind: "stored" });
    expect(answer(settle(rememberedUntil))).toEqual({ kind: "undecidable" });
  });

  test("without a baseline a secret of the name may be anybody's", () => {
    const step = feed(unknownSince1000(null), [2_000, RECEIVED], [2_000, listed(["a"])]);
    expect(answer(step)).toEqual({ kind: "undecidable" });
  });

  test("no new secret means wait until the call can no longer be running, then send again", () => {
    const early = feed(unknownSince1000(), [60_999, RECEIVED], [60_999, listed([])]);
    expect(answer(early)).toEqual({ kind: "unsettled", settlesInMs: 1 });
    const late = feed(unknownSince1000(), [61_000, RECEIVED], [61_000, listed([])]);
    expect(late.next).toEqual({ do: "post" });
    expect(late.run.delivery).toMatchObject({ state: "pending", attempts: 2, startedAt: 61_000 });
  });

  test("a listing that began while the call may have been running does not rule it out", () => {
    const began = listed([], { at: 60_999 });
    const step = feed(unknownSince1000(), [60_999, RECEIVED], [63_000, began]);
    expect(answer(step)).toEqual({ kind: "unsettled", settlesInMs: 1 });
  });

  test("a rival whose call could still run when the listing before began takes its candidate", () => {
    const began = listed([], { at: 1_000 });
    const baseline = feed(START, [1_000, RECEIVED], [3_000, began]).run.delivery;
    const rival = listed(["new"], { rivalStartedAt: 2_000 - SETTLE_MS });
    const step = feed({ delivery: baseline }, [4_000, RECEIVED], [4_000, rival]);
    expect(answer(step)).toEqual({ kind: "undecidable" });
  });

  test("an impossible listing leaves it undecidable; one that failed is tried later", () => {
    const refused: DeliveryEvent = { type: "listed", listing: { kind: "impossible" } };
    const failed: DeliveryEvent = { type: "listed", listing: { kind: "failed" } };
    const run = unknownSince1000();
    expect(answer(feed(run, [2_000, RECEIVED], [2_000, refused]))).toEqual({ kind: "undecidable" });
    expect(answer(feed(run, [90_000, RECEIVED], [90_000, failed]))).toEqual({
      kind: "unsettled",
      settlesInMs: 5_000,
    });
  });

  test("the delivery whose call just failed answers with that failure and when to come again", () => {
    const unknown: DeliveryEvent = { type: "failed", failure: failure("unknown") };
    const step = feed(START, [0, RECEIVED], [0, listed([])], [8_000, unknown], [8_000, listed([])]);
    expect(answer(step)).toEqual({
      kind: "failed",
      failure: failure("unknown"),
      settlesInMs: 52_000,
    });
  });
});

/** Any event, whether the machine asked for it or not: upstream and the clock do as they like. */
const anyListing = fc.oneof(
  fc.record({
    kind: fc.constant("listed" as const),
    ids: fc.uniqueArray(fc.constantFrom("a", "b", "c")),
    claimed: fc.uniqueArray(fc.constantFrom("a", "b")).map((ids) => new Set(ids)),
    rivalStartedAt: fc.option(fc.nat(200_000)),
  }),
  fc.constantFrom({ kind: "impossible" as const }, { kind: "failed" as const }),
);
const anyAnswer = fc.oneof(
  fc.constant<DeliveryEvent>({ type: "failed", failure: failure("unknown") }),
  fc.constant<DeliveryEvent>({ type: "failed", failure: failure("not_created") }),
  fc.constantFrom("a", "b", "c").map<DeliveryEvent>((secret_id) => ({
    type: "answered",
    secret: { type: "stored", secret_id, name: NAME },
  })),
);
/** One redelivery: what upstream would say to each question, and whether the process dies on the way. */
const anyDelivery = fc.record({
  // Clocks are set back too, and differ between machines.
  pauseMs: fc.integer({ min: -30_000, max: 100_000 }),
  stepMs: fc.nat(70_000),
  reconcile: fc.boolean(),
  listings: fc.array(anyListing, { minLength: 3, maxLength: 3 }),
  answers: fc.array(anyAnswer, { minLength: 3, maxLength: 3 }),
  diesAfter: fc.option(fc.nat(5)),
});

interface Step {
  readonly before: Delivery;
  readonly event: DeliveryEvent;
  readonly next: Next;
  readonly now: number;
  readonly delivery: number;
}

/** More than any delivery takes: a machine that never answers is caught by its calls. */
const MAX_STEPS = 20;

/** Runs redeliveries as the ledger does, and gives every step taken. */
function simulate(deliveries: readonly AnyDelivery[]): Step[] {
  const steps: Step[] = [];
  let stored: Delivery = START.delivery;
  let now = 0;
  for (const [
    index,
    { pauseMs, stepMs, reconcile, listings, answers, diesAfter },
  ] of deliveries.entries()) {
    now += pauseMs;
    let run: Run = { delivery: stored };
    let event = RECEIVED;
    for (let count = 0; count < MAX_STEPS; count += 1) {
      const { next, run: after } = transition(run, event, {
        ...POLICY,
        name: NAME,
        now,
        reconcile,
      });
      steps.push({ before: run.delivery, event, next, now, delivery: index });
      run = after;
      stored = after.delivery;
      if (next.do === "answer" || count === diesAfter) break;
      const [listing, reply] = [listings[count % 3], answers[count % 3]];
      if (listing === undefined || reply === undefined) throw new Error("unreachable");
      const seen = listing.kind === "listed" ? { ...listing, at: now } : listing;
      event = next.do === "list" ? { type: "listed", listing: seen } : reply;
      now += stepMs;
    }
  }
  return steps;
}
type AnyDelivery = typeof anyDelivery extends fc.Arbitrary<infer Value> ? Value : never;

/** Checks a property over many sequences of redeliveries; a failure prints its seed. */
function always(property: (steps: Step[]) => void): void {
  const sequences = fc.array(anyDelivery, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sequences, (deliveries) => property(simulate(deliveries))),
    { numRuns: 5_000 },
  );
}

describe("whatever happens in whatever order", () => {
  test("no call follows an unsettled one but by a listing begun after the settle time that shows no new secret", () => {
    always((steps) => {
      for (const { before, event, next } of steps) {
        if (next.do !== "post" || before.state === "new" || before.state === "refused") continue;
        expect(event.type).toBe("listed");
        if (event.type !== "listed" || event.listing.kind !== "listed")
          throw new Error("no listing");
        const { at, ids, claimed } = event.listing;
        const known = "baseline" in before ? (before.baseline?.ids ?? []) : [];
        expect(ids.filter((id) => !claimed.has(id) && !known.includes(id))).toEqual([]);
        expect(at).toBeGreaterThanOrEqual(
          ("startedAt" in before ? before.startedAt : 0) + SETTLE_MS,
        );
      }
    });
  });

  test("one delivery makes at most one call", () => {
    always((steps) => {
      const calls = steps.filter(({ next }) => next.do === "post").map(({ delivery }) => delivery);
      expect(new Set(calls).size).toBe(calls.length);
    });
  });

  test("nothing is sent after it was stored, and every later answer is the same secret", () => {
    always((steps) => {
      const first = steps.findIndex(({ next }) => answer({ next }) !== "post" && isStored(next));
      if (first === -1) return;
      const secret = storedSecret(steps[first]?.next);
      for (const { next } of steps.slice(first + 1)) {
        expect(next.do).toBe("answer");
        expect(storedSecret(next)).toEqual(secret);
      }
    });
  });

  test("a secret is adopted only if it is new, unclaimed, the only one, and no rival's", () => {
    always((steps) => {
      for (const { before, event, next } of steps) {
        if (event.type !== "listed" || !isStored(next)) continue;
        if (event.listing.kind !== "listed" || !("baseline" in before))
          throw new Error("no listing");
        const { ids, claimed, rivalStartedAt } = event.listing;
        const { baseline } = before;
        expect(baseline).not.toBeNull();
        expect(ids.filter((id) => !claimed.has(id) && !baseline?.ids.includes(id))).toEqual([
          storedSecret(next)?.secret_id,
        ]);
        if (rivalStartedAt !== null) {
          expect(rivalStartedAt + SETTLE_MS).toBeLessThanOrEqual(baseline?.at ?? 0);
        }
      }
    });
  });

  test("other content under the same id changes nothing and sends nothing", () => {
    always((steps) => {
      for (const { before, now } of steps) {
        const run: Run = { delivery: before };
        const other: DeliveryEvent = { type: "received", sameContent: false };
        const step = feed(run, [now, other]);
        expect(answer(step)).toEqual({ kind: "reused" });
        expect(step.run).toBe(run);
      }
    });
  });
});

function isStored(next: Next): boolean {
  return next.do === "answer" && next.delivered.kind === "stored";
}

function storedSecret(next: Next | undefined) {
  return next?.do === "answer" && next.delivered.kind === "stored"
    ? next.delivered.secret
    : undefined;
}
