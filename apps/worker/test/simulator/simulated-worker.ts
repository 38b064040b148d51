import type { DeliveryReport, DeliveryRequest } from "../../src/ledger/delivery-outcome.ts";
import { RULES, type Rules } from "../../src/ledger/rules.ts";
import { LedgerStore } from "../../src/ledger/store/ledger-store.ts";
import { transition } from "../../src/ledger/transition.ts";
import { type LedgerSettings, WorkspaceLedger } from "../../src/ledger/workspace-ledger.ts";
import type { EventQueue } from "./event-queue.ts";
import { NodeStorage } from "./node-storage.ts";
import type { Random } from "./random.ts";
import { takeSimulatedFingerprints } from "./simulated-fingerprints.ts";
import type { SimulatedUpstream } from "./simulated-upstream.ts";

/** What a test replaces, to show that the simulator finds what a rule prevents. */
export interface Mutation {
  readonly rules?: Partial<Rules>;
  readonly transition?: typeof transition;
  /** Changes a freshly opened store. */
  readonly store?: (store: LedgerStore) => void;
  /** Changes a freshly started ledger. */
  readonly ledger?: (ledger: WorkspaceLedger) => void;
  /** Whether a request leaves without waiting for the disk. */
  readonly leavesEarly?: boolean;
}

/** How long the simulated disk can stall, in milliseconds. */
const MAX_STALL_MS = 20_000;

/** The shipped ledger on a simulated disk, in a process that can end at any moment. */
export class SimulatedWorker {
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #upstream: SimulatedUpstream;
  readonly #mutation: Mutation;
  readonly #settings: Omit<LedgerSettings, "upstream" | "takeFingerprints" | "host">;
  readonly #storage = new NodeStorage();
  /** The ledger keys, newer first. */
  #keys: readonly [string, ...string[]] = ["key 1"];
  #process: { readonly ledger: WorkspaceLedger; readonly settings: LedgerSettings } | undefined;

  constructor(
    queue: EventQueue,
    random: Random,
    upstream: SimulatedUpstream,
    settings: Omit<LedgerSettings, "upstream" | "takeFingerprints" | "host">,
    mutation: Mutation,
  ) {
    this.#queue = queue;
    this.#random = random;
    this.#upstream = upstream;
    this.#settings = settings;
    this.#mutation = mutation;
    this.start();
  }

  /** Delivers; never settles if the process ends meanwhile. `undefined` if there is no process. */
  async deliver(request: DeliveryRequest): Promise<DeliveryReport | undefined> {
    const process = this.#process;
    if (process === undefined) return undefined;
    const report = await process.ledger.deliver(request, process.settings);
    // A response leaves after everything before it is durable.
    this.#storage.commit();
    return report;
  }

  /** Ends the process: what is not durable is lost. */
  crash(): void {
    this.#process = undefined;
    this.#storage.crash();
  }

  /** Puts a newer ledger key before the one so far. The next process uses it. */
  rotateKey(): void {
    this.#keys = ["key 2", "key 1"];
  }

  /** Starts a process on what the disk has. */
  start(): void {
    const isAlive = () => this.#process?.ledger === ledger;
    const store = new LedgerStore(this.#storage);
    this.#mutation.store?.(store);
    const ledger = new WorkspaceLedger({
      store,
      clock: {
        now: () => this.#queue.now,
        sleep: (ms) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          return { done: promise, cancel: this.#queue.after(ms, () => isAlive() && resolve()) };
        },
      },
      durable: () => this.#becomeDurable(isAlive),
      defer: (run) => void this.#queue.after(0, () => isAlive() && run()),
      transition: this.#mutation.transition ?? transition,
      rules: { ...RULES, ...this.#mutation.rules },
    });
    this.#mutation.ledger?.(ledger);
    const settings: LedgerSettings = {
      ...this.#settings,
      host: "api.elevenlabs.example",
      upstream: this.#upstream.connect(isAlive),
      takeFingerprints: takeSimulatedFingerprints(this.#keys),
    };
    this.#process = { ledger, settings };
  }

  #becomeDurable(isAlive: () => boolean): Promise<void> {
    if (this.#mutation.leavesEarly) return Promise.resolve();
    const stallMs = this.#random.chance(0.005)
      ? this.#random.upTo(MAX_STALL_MS)
      : this.#random.upTo(5);
    return new Promise((resolve) => {
      this.#queue.after(stallMs, () => {
        if (!isAlive()) return;
        this.#storage.commit();
        resolve();
      });
    });
  }
}
