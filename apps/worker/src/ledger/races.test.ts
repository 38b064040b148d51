import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Delivery,
  type DeliveryEvent,
  type Listing,
  type Run,
  transition,
} from "./delivery.ts";

/*
 * Deliveries of one name that meet: every call, listing and death takes its own time. Of upstream
 * two things are assumed, as the README does: a call stores, if at all, before its settle time has
 * passed, and a listing shows what is stored at one moment between its beginning and its end.
 */

const NAME = "SHARED";
const SETTLE_MS = 60_000;
const RETENTION_MS = 600_000;

const anyListing = fc.record({
  outwardMs: fc.nat(3_000),
  backMs: fc.nat(3_000),
  fails: fc.boolean(),
});
const anyAttempt = fc.record({
  id: fc.nat(2),
  pauseMs: fc.oneof(fc.nat(5_000), fc.nat(2 * SETTLE_MS), fc.nat(RETENTION_MS)),
  listings: fc.tuple(anyListing, anyListing),
  storesAfterMs: fc.option(fc.nat(SETTLE_MS - 1)),
  answersAfterMs: fc.nat(10_000),
  says: fc.constantFrom("stored", "refused", "unknown", "unknown"),
  diesAfterMs: fc.option(fc.nat(15_000)),
});
type Attempt = typeof anyAttempt extends fc.Arbitrary<infer Value> ? Value : never;

interface Row {
  readonly delivery: Delivery;
  /** Which delivery of this id it is: one that was forgotten is another when it comes again. */
  readonly owner: string;
  readonly seenAt: number;
}

interface Task {
  at: number;
  readonly id?: number;
  readonly diesAt?: number;
  /** Goes on, and tells when it will again. */
  go(): number | undefined;
}

/** Runs attempts in a world of their own; gives what is stored, and what was told to whom. */
function simulate(attempts: readonly Attempt[]) {
  let now = 0;
  const rows = new Map<number, Row>();
  const secrets: { readonly id: string; readonly owner: string }[] = [];
  const told: { readonly owner: string; readonly secretId: string }[] = [];
  const tasks: Task[] = [];

  function store(owner: string): string {
    const id = `secret-${secrets.length}`;
    secrets.push({ id, owner });
    return id;
  }

  function* list(id: number, { outwardMs, backMs, fails }: Attempt["listings"][number]) {
    const at = now;
    yield now + outwardMs;
    const ids = secrets.map((secret) => secret.id);
    yield now + backMs;
    if (fails) return { kind: "failed" } satisfies Listing;
    const others = [...rows].filter(([other]) => other !== id).map(([, { delivery }]) => delivery);
    const claimed = others.flatMap((row) => (row.state === "stored" ? [row.secret.secret_id] : []));
    const starts = others.flatMap((row) =>
      row.state === "pending" || row.state === "unknown" ? [row.startedAt] : [],
    );
    const rivalStartedAt = starts.length > 0 ? Math.max(...starts) : null;
    return { kind: "listed", at, ids, claimed: new Set(claimed), rivalStartedAt } satisfies Listing;
  }

  function* call(owner: string, { says, storesAfterMs, answersAfterMs }: Attempt) {
    if (says === "unknown" && storesAfterMs !== null) {
      tasks.push({ at: now + storesAfterMs, go: () => void store(owner) });
    }
    yield now + answersAfterMs;
    if (says !== "stored") return fail(says === "refused" ? "not_created" : "unknown");
    const secret = { type: "stored", secret_id: store(owner), name: NAME } as const;
    return { type: "answered", secret } satisfies DeliveryEvent;
  }

  function* deliver(attempt: Attempt, owner: string, row: Row | undefined) {
    const { id, listings } = attempt;
    let run: Run = { delivery: row?.delivery ?? { state: "new", attempts: 0 } };
    let event: DeliveryEvent = { type: "received", sameContent: true };
    let listed = 0;
    for (;;) {
      const step = transition(run, event, {
        name: NAME,
        now,
        reconcile: true,
        settleMs: SETTLE_MS,
        retentionMs: RETENTION_MS,
      });
      run = step.run;
      const { delivery } = run;
      if (delivery.state !== "new") rows.set(id, { delivery, owner, seenAt: now });
      switch (step.next.do) {
        case "list":
          event = { type: "listed", listing: yield* list(id, listings[listed++ === 0 ? 0 : 1]) };
          break;
        case "post":
          event = yield* call(owner, attempt);
          break;
        case "answer": {
          const { delivered } = step.next;
          if (delivered.kind === "stored")
            told.push({ owner, secretId: delivered.secret.secret_id });
          return;
        }
      }
    }
  }

  function begin(attempt: Attempt, index: number): void {
    const { id, diesAfterMs } = attempt;
    for (const [known, { seenAt }] of rows) if (seenAt < now - RETENTION_MS) rows.delete(known);
    // Whoever comes while a delivery is under way shares it.
    if (tasks.some((task) => task.id === id && (task.diesAt ?? now + 1) > now)) return;
    const row = rows.get(id);
    const steps = deliver(attempt, row?.owner ?? `${id}-${index}`, row);
    const diesAt = diesAfterMs === null ? {} : { diesAt: now + diesAfterMs };
    tasks.push({ at: now, id, ...diesAt, go: () => steps.next().value ?? undefined });
  }

  let start = 0;
  for (const [index, attempt] of attempts.entries()) {
    start += attempt.pauseMs;
    tasks.push({ at: start, go: () => begin(attempt, index) as undefined });
  }
  while (tasks.length > 0) {
    const task = tasks.reduce((first, other) => (other.at < first.at ? other : first));
    now = task.at;
    const at = (task.diesAt ?? now + 1) > now ? task.go() : undefined;
    if (at === undefined) tasks.splice(tasks.indexOf(task), 1);
    else task.at = at;
  }
  return { secrets, told };
}

function fail(outcome: "not_created" | "unknown"): DeliveryEvent {
  const nothing = { status: undefined, retryAfterMs: undefined, requestId: undefined, issues: [] };
  return { type: "failed", failure: { code: "failed", outcome, ...nothing } };
}

test("no delivery is stored twice or told another's secret, however deliveries of its name meet it", () => {
  fc.assert(
    fc.property(fc.array(anyAttempt, { minLength: 2, maxLength: 12 }), (attempts) => {
      const { secrets, told } = simulate(attempts);
      const owners = secrets.map(({ owner }) => owner);
      expect(owners.filter((owner, index) => owners.indexOf(owner) !== index)).toEqual([]);
      const ownerOf = new Map(secrets.map(({ id, owner }) => [id, owner]));
      expect(told.filter(({ owner, secretId }) => ownerOf.get(secretId) !== owner)).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
});

test("most of what becomes of them is decided", () => {
  const samples = fc.sample(fc.array(anyAttempt, { minLength: 12, maxLength: 12 }), 300);
  const told = samples.flatMap((attempts) => simulate(attempts).told);
  expect(told.length).toBeGreaterThan(300);
});
