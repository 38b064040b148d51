import type { DeliveryOutcome } from "../../src/ledger/delivery-outcome.ts";
import type { SecretContent } from "../../src/ledger/upstream.ts";
import type { SimulatedCall, SimulatedSecret, UpstreamWatcher } from "./simulated-upstream.ts";

/** The guarantees in README.md, "Guarantees and limits", by number, and that every delivery ends. */
export const INVARIANTS = {
  1: "one effect per delivery",
  2: "one write per name at a time",
  3: "the newest value wins",
  4: "unknown outcomes are resolved, not repeated blindly",
  5: "deleted secrets are recreated",
  6: "a rejected delivery changes nothing",
  7: "every delivery ends",
} as const;

/** A violation: what happened when, to which value. */
export interface Violation {
  readonly invariant: keyof typeof INVARIANTS;
  readonly at: number;
  readonly what: string;
}

/** A delivery as the simulation knows it, independent of what the ledger records. */
export interface TrackedDelivery {
  readonly name: string;
  readonly value: string;
  readonly ordered: boolean;
  readonly derived: boolean;
  firstSentAt: number;
  /** When the sender got its first response. From then on the delivery is durably received. */
  firstAnsweredAt: number | undefined;
  /** The id under which its sender was told that it is stored. */
  secretId: string | undefined;
  /** The id was used before with other content: it must never be written. */
  readonly forbidden: boolean;
  /** The last attempt was rejected, so the next request is a new attempt. */
  isRejected: boolean;
}

interface StartedDelivery {
  readonly name: string;
  readonly at: number;
  isLost: boolean;
}

/** The time after which an overtaken derived id is a return to the old value, in milliseconds. */
const RETURN_MS = 10 * 60 * 1_000;
/** Rejections after which the same id is a new attempt. */
const NOT_RECORDED = new Set([
  "name_taken",
  "name_not_managed",
  "name_ambiguous",
  "secret_not_found",
]);

const HANDLER_LAG_MS = 5_000;

/** Watches a simulation, and counts what violates an invariant. */
export class InvariantWatcher implements UpstreamWatcher {
  readonly violations: Violation[] = [];
  readonly #deliveries = new Map<string, TrackedDelivery>();
  /** Deliveries with a call and no answer since, by value. */
  readonly #started = new Map<string, StartedDelivery>();
  readonly #calls = new Map<string, SimulatedCall[]>();
  readonly #lastApplied = new Map<string, SimulatedCall>();
  readonly #now: () => number;
  readonly #settleMs: number;
  readonly #findSecret: (secretId: string) => SimulatedSecret | undefined;

  constructor(
    now: () => number,
    settleMs: number,
    findSecret: (secretId: string) => SimulatedSecret | undefined,
  ) {
    this.#now = now;
    this.#settleMs = settleMs;
    this.#findSecret = findSecret;
  }

  /** Watches a delivery. A value that a sender sends again is the delivery it was before. */
  track(delivery: TrackedDelivery): TrackedDelivery {
    const known = this.#deliveries.get(delivery.value);
    if (known !== undefined) return known;
    this.#deliveries.set(delivery.value, delivery);
    return delivery;
  }

  /** A request of a delivery is sent. */
  sent(delivery: TrackedDelivery): void {
    if (!delivery.isRejected) return;
    Object.assign(delivery, {
      isRejected: false,
      firstSentAt: this.#now(),
      firstAnsweredAt: undefined,
    });
  }

  started({ name, value }: SecretContent): void {
    if (this.#started.get(value)?.isLost) return;
    this.#started.set(value, { name, at: this.#now(), isLost: false });
  }

  /** The process ended. The ledger cannot tell whether the calls that it started have left. */
  crashed(): void {
    for (const started of this.#started.values()) started.isLost = true;
  }

  left(call: SimulatedCall): void {
    const earlier = this.#calls.get(call.name) ?? [];
    const delivery = this.#deliveries.get(call.value);
    if (delivery?.forbidden) this.#report(1, `${call.value} was sent under a used id`);
    for (const other of earlier) {
      if (other.value !== call.value && this.#isRunning(other)) {
        this.#report(2, `${call.value} was sent while ${other.value} could be running`);
      }
      if (call.operation === "create" && other.operation === "create")
        this.#checkResend(call, other);
    }
    if (delivery?.ordered) this.#checkOrder(delivery, earlier);
    earlier.push(call);
    this.#calls.set(call.name, earlier);
  }

  applied(call: SimulatedCall): void {
    const secretId = call.appliedTo ?? "";
    const last = this.#lastApplied.get(secretId);
    if (last !== undefined && last.leftAt > call.leftAt && last.value !== call.value) {
      this.#report(3, `${call.value} overwrote the newer ${last.value}`);
    }
    this.#lastApplied.set(secretId, call);
    if (call.operation !== "create") return;
    const twins = (this.#calls.get(call.name) ?? []).filter(
      (other) =>
        other !== call &&
        other.operation === "create" &&
        other.value === call.value &&
        other.appliedAt !== undefined &&
        this.#findSecret(other.appliedTo ?? "")?.deletedAt === undefined,
    );
    if (twins.length > 0) this.#report(1, `${call.value} was created twice`);
  }

  observed(): void {}

  /** Checks what a sender was told. */
  answered(delivery: TrackedDelivery, outcome: DeliveryOutcome, calls: number): void {
    delivery.firstAnsweredAt ??= this.#now();
    if (outcome.kind === "failed" && outcome.failure.code === "not_found") {
      this.#report(5, `${delivery.value} failed because its secret was deleted`);
    }
    if (outcome.kind === "rejected" && outcome.code === "superseded")
      this.#checkSuperseded(delivery);
    delivery.isRejected =
      (outcome.kind === "rejected" && NOT_RECORDED.has(outcome.code)) ||
      (outcome.kind === "failed" && outcome.failure.code === "rejected");
    if (delivery.isRejected) this.#checkRejected(delivery);
    const isLost = this.#started.get(delivery.value)?.isLost ?? false;
    const hasEnded = outcome.kind === "stored" || delivery.isRejected;
    if (hasEnded || !isLost) this.#started.delete(delivery.value);
    if (outcome.kind !== "stored") return;
    const { secret_id } = outcome.secret;
    const isOwn = (this.#calls.get(delivery.name) ?? []).some(
      ({ appliedTo, value }) => appliedTo === secret_id && value === delivery.value,
    );
    if (!isOwn) this.#report(1, `${delivery.value} was told an id that it was not written to`);
    if (outcome.replayed && calls > 0) this.#report(1, `${delivery.value} was sent by a replay`);
    if (outcome.replayed && !delivery.derived && delivery.secretId !== secret_id) {
      const isFirst = delivery.secretId === undefined;
      if (!isFirst) this.#report(1, `${delivery.value} was told two ids`);
    }
    delivery.secretId = secret_id;
  }

  /** The same id with corrected content, after a rejection, must not count as reused. */
  reusedAfterRejection(delivery: TrackedDelivery): void {
    this.#report(6, `the id of the rejected ${delivery.value} could not be used again`);
  }

  neverEnded(delivery: TrackedDelivery): void {
    this.#report(7, `${delivery.value} never ended`);
  }

  severalSecrets(name: string, count: number): void {
    this.#report(1, `${name} has ${count} secrets`);
  }

  /** A call without an observed outcome counts as running until its deadline. */
  #isRunning(call: SimulatedCall): boolean {
    if (call.observed !== "lost") return false;
    if (call.operation === "create" && call.appliedAt !== undefined) return false;
    const target = this.#findSecret(call.secretId ?? "");
    if (target?.deletedAt !== undefined) return false;
    return this.#now() < call.leftAt + call.timeoutMs + this.#settleMs;
  }

  #checkResend(call: SimulatedCall, other: SimulatedCall): void {
    if (other.value !== call.value || other.appliedAt !== undefined) return;
    const settledAt =
      other.observed === "handler_ended"
        ? other.observedAt + HANDLER_LAG_MS
        : other.leftAt + other.timeoutMs + this.#settleMs;
    const isOpen = other.observed === "lost" || other.observed === "handler_ended";
    if (isOpen && this.#now() < settledAt)
      this.#report(4, `${call.value} was sent again too early`);
  }

  #checkOrder(delivery: TrackedDelivery, earlier: readonly SimulatedCall[]): void {
    const receivedBy = delivery.firstAnsweredAt;
    if (receivedBy === undefined) return;
    if (delivery.derived && this.#now() >= delivery.firstSentAt + RETURN_MS) return;
    const newer = earlier.find((call) => {
      const other = this.#deliveries.get(call.value);
      if (other === undefined || other === delivery || !other.ordered) return false;
      // After a rejection, only calls of the new attempt count.
      const isNewer = other.firstSentAt > receivedBy && call.leftAt >= other.firstSentAt;
      // What it may have written to a secret that was deleted meanwhile is gone.
      const target = this.#findSecret(call.secretId ?? "");
      const isGone = other.isRejected && target?.deletedAt !== undefined;
      return isNewer && !isGone && call.observed !== "not_applied";
    });
    if (newer !== undefined)
      this.#report(3, `${delivery.value} was sent after the newer ${newer.value}`);
  }

  #checkRejected(delivery: TrackedDelivery): void {
    const isStored = (this.#calls.get(delivery.name) ?? []).some(({ value, appliedTo }) => {
      const secret = this.#findSecret(appliedTo ?? "");
      return value === delivery.value && secret?.value === value && secret.deletedAt === undefined;
    });
    if (isStored) this.#report(6, `${delivery.value} was rejected and is stored`);
  }

  #checkSuperseded(delivery: TrackedDelivery): void {
    const isNewer = (value: string, at: number) =>
      value !== delivery.value && at >= delivery.firstSentAt;
    const isOvertaken =
      (this.#calls.get(delivery.name) ?? []).some(
        ({ value, leftAt, observed }) => isNewer(value, leftAt) && observed !== "not_applied",
      ) ||
      [...this.#started].some(
        ([value, { name, at }]) => name === delivery.name && isNewer(value, at),
      );
    if (!isOvertaken) this.#report(6, `${delivery.value} was superseded by a rejected delivery`);
  }

  #report(invariant: Violation["invariant"], what: string): void {
    this.violations.push({ invariant, at: this.#now(), what });
  }
}
