import type { Existing } from "@convai-secrets/protocol";
import type {
  DeliveryContent,
  DeliveryOutcome,
  DeliveryRequest,
} from "../../src/ledger/delivery-outcome.ts";
import type { EventQueue } from "./event-queue.ts";
import type { InvariantWatcher, TrackedDelivery } from "./invariants.ts";
import type { Random } from "./random.ts";
import type { SimulatedWorker } from "./simulated-worker.ts";

/** A delivery that a sender makes. */
export interface PlannedDelivery {
  readonly senderId: string;
  readonly existing: Existing;
  readonly name: string;
  readonly value: string;
  /** `undefined`: derived. */
  readonly id: string | undefined;
  /** The secret that the sender names; `undefined`: it sends the secret by its name alone. */
  readonly secretId: string | undefined;
}

/** Retries after which a sender gives up for now. */
const MAX_ATTEMPTS = 25;
const PATIENCE_MS = 20_000;

/** A sender: sends a delivery until it ends, loses patience, repeats what has ended. */
export class SimulatedSender {
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #worker: SimulatedWorker;
  readonly #watcher: InvariantWatcher;
  /** How many deliveries ended in which way. */
  readonly ends = new Map<string, number>();
  readonly #open = new Set<() => void>();
  #isPatient = false;

  constructor(
    queue: EventQueue,
    random: Random,
    worker: SimulatedWorker,
    watcher: InvariantWatcher,
  ) {
    this.#queue = queue;
    this.#random = random;
    this.#worker = worker;
    this.#watcher = watcher;
  }

  /** Sends a delivery now, and again until it has ended. */
  send(planned: PlannedDelivery, forbidden = false): void {
    const delivery = this.#watcher.track({
      name: planned.name,
      value: planned.value,
      ordered: planned.existing !== "create" || planned.secretId !== undefined,
      derived: planned.id === undefined,
      firstSentAt: this.#queue.now,
      firstAnsweredAt: undefined,
      secretId: undefined,
      forbidden,
      isRejected: false,
    });
    this.#attempt(planned, delivery, 1);
  }

  /** Sends everything again that has not ended, until it has: nothing goes wrong any more. */
  finish(): void {
    this.#isPatient = true;
    for (const resend of [...this.#open]) resend();
  }

  #attempt(planned: PlannedDelivery, delivery: TrackedDelivery, count: number): void {
    const { senderId, existing, name, value, id, secretId } = planned;
    const content: DeliveryContent =
      secretId === undefined
        ? { operation: "create", existing, name, value }
        : { operation: "update", existing, secretId, name, value };
    const request: DeliveryRequest = { senderId, id, content, dryRun: false };
    const random = this.#random;
    let isOver = false;
    this.#watcher.sent(delivery);
    const resend = () => this.#attempt(planned, delivery, this.#isPatient ? 1 : count + 1);
    const again = (ms: number) => {
      isOver = true;
      this.#open.add(resend);
      const isGivenUp = !this.#isPatient && (count >= MAX_ATTEMPTS || random.chance(0.03));
      if (isGivenUp) return;
      this.#queue.after(ms, () => {
        if (this.#open.delete(resend)) resend();
      });
    };
    const patienceMs = random.chance(0.1) ? random.upTo(3_000) : PATIENCE_MS;
    this.#queue.after(patienceMs, () => {
      if (!isOver) again(random.upTo(1_000));
    });
    void this.#worker.deliver(request).then((report) => {
      if (report === undefined) {
        if (!isOver) again(1_000 + random.upTo(2_000));
        return;
      }
      this.#watcher.answered(delivery, report.outcome, report.calls);
      if (isOver) return;
      const waitMs = readWait(report.outcome);
      if (waitMs !== undefined) return again(waitMs + random.upTo(500));
      isOver = true;
      this.#end(planned, delivery, report.outcome);
    });
  }

  #end(planned: PlannedDelivery, delivery: TrackedDelivery, outcome: DeliveryOutcome): void {
    const end = outcome.kind === "rejected" ? outcome.code : readEnd(outcome);
    this.ends.set(end, (this.ends.get(end) ?? 0) + 1);
    if (delivery.forbidden || this.#isPatient) return;
    const random = this.#random;
    if (end === "idempotency_key_reused") this.#watcher.reusedAfterRejection(delivery);
    if (end === "stored" && random.chance(0.2)) {
      this.#queue.after(random.upTo(1_200_000), () => this.#attempt(planned, delivery, 1));
    }
    if (end === "stored" && planned.id !== undefined && random.chance(0.05)) {
      this.send({ ...planned, value: `${planned.value}-other` }, true);
    }
    if (end === "rejected" && planned.id !== undefined && random.chance(0.5)) {
      const corrected = { ...planned, value: `${planned.value}-corrected` };
      this.#queue.after(random.upTo(5_000), () => this.send(corrected));
    }
  }
}

/** How long to wait before a retry; `undefined` if the outcome is final. */
function readWait(outcome: DeliveryOutcome): number | undefined {
  if (outcome.kind === "unsettled") return outcome.settlesInMs;
  if (outcome.kind !== "failed") return undefined;
  const { code } = outcome.failure;
  if (code === "rejected" || code === "invalid_request" || code === "not_found") return undefined;
  return outcome.settlesInMs ?? 1_000;
}

function readEnd(outcome: DeliveryOutcome): string {
  return outcome.kind === "failed" ? outcome.failure.code : outcome.kind;
}
