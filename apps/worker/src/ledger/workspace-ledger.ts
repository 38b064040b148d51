import { DERIVED_ID_PREFIX } from "@convai-secrets/protocol";
import {
  type DeliveryOutcome,
  type DeliveryReport,
  type DeliveryRequest,
  type LedgerProblemCode,
  reportWithoutCall,
} from "./delivery-outcome.ts";
import type { Fingerprint, TakeFingerprints } from "./fingerprint.ts";
import { NameLocks } from "./name-locks.ts";
import { Positions } from "./positions.ts";
import { isSameContent, receive } from "./receive.ts";
import { recoverCall, recoverCalls } from "./recover.ts";
import { seenGranularity } from "./retention.ts";
import { type Run, type RunDependencies, runDelivery, WAIT_MS } from "./run-delivery.ts";
import { SenderLog } from "./sender-log.ts";
import type { Delivery, DeliveryKey } from "./states.ts";
import { type Attempt, isOrdered } from "./step.ts";
import type { Upstream } from "./upstream.ts";
import { WriteQueue } from "./write-queue.ts";

/** What the configuration of the Worker gives the ledger. */
export interface LedgerSettings {
  /** The host of the workspace. */
  readonly host: string;
  readonly upstream: Upstream;
  readonly takeFingerprints: TakeFingerprints;
  readonly reconcile: boolean;
  readonly settleMs: number;
  readonly retentionMs: number;
}

/** What a ledger runs on: the platform's, or the simulator's. */
export type LedgerPlatform = Omit<RunDependencies, "writes" | "positions"> & {
  readonly defer?: (run: () => void) => void;
};

interface Running {
  readonly digest: string;
  readonly report: Promise<DeliveryReport>;
}

/**
 * The ledger of one workspace: delivers each delivery exactly once, and the values of a name in
 * order. It knows no Durable Object, so that the simulator runs all of it.
 */
export class WorkspaceLedger {
  readonly locks: NameLocks;
  readonly senderLog: SenderLog;
  readonly #platform: LedgerPlatform;
  readonly #dependencies: RunDependencies;
  readonly #running = new Map<string, Running>();
  readonly #holders = new Map<string, Run>();
  #host: string | undefined;

  constructor(platform: LedgerPlatform) {
    const { store, clock } = platform;
    this.#platform = platform;
    const entries = store.journal.readAll().map(({ position }) => position);
    const removed = Number(store.meta.read("position") ?? 0);
    const last = Math.max(removed, store.deliveries.findNewestPosition(), ...entries);
    this.#dependencies = {
      ...platform,
      writes: new WriteQueue(() => this.#running.size <= 1, platform.defer),
      positions: new Positions(last),
    };
    this.locks = new NameLocks(clock);
    this.senderLog = new SenderLog(store);
    recoverCalls(store);
  }

  /** Whether no delivery is in flight. */
  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** The newest place in the order. */
  get position(): number {
    return this.#dependencies.positions.last;
  }

  /** Delivers a secret, or answers what became of an earlier request of the same delivery. */
  async deliver(request: DeliveryRequest, settings: LedgerSettings): Promise<DeliveryReport> {
    const { senderId, content, dryRun } = request;
    const { clock } = this.#platform;
    const isOwnHost = dryRun
      ? this.checkHost(settings.host) !== "differs"
      : this.claimHost(settings.host);
    if (!isOwnHost) return reject(request.id, "misconfigured");
    if (!dryRun) this.senderLog.see(senderId, clock.now());
    if (this.senderLog.isPaused(senderId)) return reject(request.id, "sender_paused");
    const fingerprints = await settings.takeFingerprints(senderId, content);
    const [{ digest, derivedId }] = fingerprints;
    const id = request.id ?? derivedId;
    if (dryRun) return this.#deliver({ ...request, id }, fingerprints, settings);

    const key = `${senderId} ${id}`;
    const running = this.#running.get(key);
    if (running !== undefined) {
      return running.digest === digest ? running.report : reject(id, "idempotency_key_reused");
    }
    const report = this.#deliver({ ...request, id }, fingerprints, settings);
    this.#running.set(key, { digest, report });
    try {
      return await report;
    } finally {
      this.#running.delete(key);
    }
  }

  async #deliver(
    request: DeliveryRequest & DeliveryKey,
    fingerprints: readonly [Fingerprint, ...Fingerprint[]],
    settings: LedgerSettings,
  ): Promise<DeliveryReport> {
    const { clock } = this.#platform;
    const { content, dryRun, id } = request;
    const startedAt = clock.now();
    const row = this.#find(request, fingerprints);
    const isSame = row === undefined || isSameContent(row, content.name, fingerprints);
    if (!isSame && row?.state !== "rejected") return reject(id, "idempotency_key_reused");
    const position = this.#dependencies.positions.next(startedAt);
    const delivery = receive(request, row, fingerprints[0], position, startedAt);
    const run: Run = {
      attempt: this.#createAttempt(delivery),
      listings: [],
      slot: undefined,
      journaled: undefined,
    };
    const derived = id.startsWith(DERIVED_ID_PREFIX);
    const options = { ...settings, content, derived, dryRun, startedAt };
    const work = async () => {
      try {
        const outcome = await runDelivery(run, this.#dependencies, options);
        this.#freeSlot(run);
        return outcome;
      } catch (error) {
        // After a fault, the call is a call with unknown outcome. If that cannot be recorded either,
        // the slot stays taken: its entry is what recovers the call.
        if (run.journaled !== undefined) recoverCall(this.#platform.store, run.journaled);
        this.#freeSlot(run);
        throw error;
      }
    };
    // A replay needs the name only to be renamed, or if a newer delivery can have made it a late retry.
    const needsName = delivery.id !== id || (derived && isOrdered(content));
    const isReplay = delivery.state === "stored" && !needsName;
    const outcome = isReplay ? await work() : await this.#hold(run, request, work);
    if (!dryRun) await this.#touch(row, run, settings.retentionMs);
    const { attempt, listings } = run;
    return {
      deliveryId: id,
      outcome,
      operation: attempt.calls > 0 ? attempt.delivery.operation : undefined,
      listings,
      calls: attempt.calls,
    };
  }

  /** Runs work while the delivery holds its name. What has to wait is recorded: it keeps its place. */
  async #hold(
    run: Run,
    { id, content, dryRun }: DeliveryRequest & DeliveryKey,
    work: () => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome> {
    const { name } = content;
    if (this.locks.isHeld(name) && isOrdered(content) && !dryRun) {
      const holder = this.#holders.get(name);
      if (holder !== undefined) this.#recordReceipt(holder);
      this.#recordReceipt(run);
    }
    const release = await this.locks.acquire(name, WAIT_MS);
    if (release === undefined) return { kind: "unsettled", settlesInMs: 1_000 };
    if (!dryRun) this.#holders.set(name, run);
    try {
      // While it waited, others wrote the name, and the operator may have decided.
      const { delivery } = run.attempt;
      const { store } = this.#platform;
      const row = delivery.state === "new" ? undefined : store.deliveries.find(delivery);
      const { keyId, fingerprint } = delivery;
      const current = row ? { ...row, keyId, fingerprint } : delivery;
      // Not before: the last holder of the name could have the delivery in memory, under its old id.
      const isRenamed = current.id !== id && !dryRun;
      if (isRenamed) store.rename(current, id);
      run.attempt = this.#createAttempt(isRenamed ? { ...current, id } : current);
      return await work();
    } finally {
      this.#holders.delete(name);
      release();
    }
  }

  #recordReceipt(run: Run): void {
    const { delivery } = run.attempt;
    if (delivery.state !== "new") return;
    const waiting: Delivery = { ...delivery, state: "waiting" };
    this.#platform.store.deliveries.save(waiting);
    run.attempt = { ...run.attempt, delivery: waiting };
  }

  #createAttempt(delivery: Delivery): Attempt {
    const { store } = this.#platform;
    const state = store.names.find(delivery.name);
    const { unsettled } = state;
    const isOwn = unsettled?.id === delivery.id && unsettled.senderId === delivery.senderId;
    const other = unsettled === null || isOwn ? undefined : store.deliveries.find(unsettled);
    return {
      delivery,
      // A delivery that was removed after its retention cannot be settled any more.
      name: unsettled !== null && !isOwn && !other ? { ...state, unsettled: null } : state,
      other: other ?? null,
      purpose: "choose",
      failure: null,
      forgotten: [],
      calls: 0,
      conflicted: false,
    };
  }

  /** Finds the row, also under the id that the older ledger key derives. {@link #hold} renames it. */
  #find(
    { senderId, id }: DeliveryKey,
    [newest, ...older]: readonly [Fingerprint, ...Fingerprint[]],
  ): Delivery | undefined {
    const { deliveries } = this.#platform.store;
    const row = deliveries.find({ senderId, id });
    if (row !== undefined || id !== newest.derivedId) return row;
    for (const { derivedId } of older) {
      const earlier = deliveries.find({ senderId, id: derivedId });
      if (earlier !== undefined) return earlier;
    }
    return undefined;
  }

  #freeSlot({ slot }: Run): void {
    if (slot !== undefined) this.#platform.store.journal.freeSlot(slot);
  }

  async #touch(row: Delivery | undefined, { attempt }: Run, retentionMs: number): Promise<void> {
    const { store, clock } = this.#platform;
    const now = clock.now();
    const { delivery } = attempt;
    if (row === undefined || delivery.state === "new" || delivery.seenAt !== row.seenAt) return;
    const isRekeyed = delivery.keyId !== row.keyId;
    if (!isRekeyed && now < row.seenAt + seenGranularity(retentionMs)) return;
    await this.#dependencies.writes.add(() => store.deliveries.touch({ ...delivery, seenAt: now }));
  }

  /** Whether the ledger belongs to this host; `unset` before the first write. */
  checkHost(host: string): "matches" | "differs" | "unset" {
    this.#host ??= this.#platform.store.meta.read("host");
    if (this.#host === undefined) return "unset";
    return this.#host === host ? "matches" : "differs";
  }

  /** Whether the ledger belongs to this host. The first write decides to which one it does. */
  claimHost(host: string): boolean {
    const check = this.checkHost(host);
    if (check === "unset") this.#platform.store.meta.write("host", host);
    return check !== "differs";
  }
}

function reject(deliveryId: string | undefined, code: LedgerProblemCode): DeliveryReport {
  return reportWithoutCall(deliveryId, { kind: "rejected", code });
}
