import { SecretsApiError } from "@convai-secrets/core";
import type { UpstreamFailure } from "../../src/ledger/delivery-outcome.ts";
import type {
  CallEnd,
  CallOptions,
  Listing,
  ListOptions,
  SecretContent,
  Upstream,
} from "../../src/ledger/upstream.ts";
import { describeFailure } from "../../src/ledger/upstream-failure.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Random } from "./random.ts";

/** A secret of the simulated workspace. */
export interface SimulatedSecret {
  readonly secretId: string;
  readonly name: string;
  value: string;
  /** When listings show it. */
  readonly visibleAt: number;
  /** When it was deleted by hand. */
  deletedAt: number | undefined;
}

/** A call that has left the Worker. */
export interface SimulatedCall {
  readonly operation: "create" | "update";
  readonly name: string;
  readonly value: string;
  readonly secretId: string | null;
  readonly leftAt: number;
  readonly timeoutMs: number;
  /** How the ledger learned of its end. `lost`: not yet, or without an outcome. */
  observed: "answered" | "not_applied" | "handler_ended" | "lost";
  observedAt: number;
  appliedAt: number | undefined;
  appliedTo: string | undefined;
}

/** What the observer receives. */
export interface UpstreamWatcher {
  /** The ledger has recorded a call, which leaves once its journal entry is durable. */
  started(secret: SecretContent): void;
  left(call: SimulatedCall): void;
  applied(call: SimulatedCall): void;
  observed(call: SimulatedCall): void;
}

export interface UpstreamOptions {
  readonly uniqueNames: boolean;
  readonly settleMs: number;
  /** The share of calls that go wrong. */
  readonly faults: number;
}

/** How long after a write listings may miss it, at most, in milliseconds. */
const MAX_LAG_MS = 4_900;

type Fate = (typeof FATES)[number];
const FATES = [
  "applied_then_502",
  "reset_before",
  "reset_after",
  "applied_late",
  "hangs",
  "handler_error",
  "handler_error_applied",
  "rate_limited",
  "rejected",
  "refused_key",
  "unreachable",
] as const;

/** The simulated ElevenLabs: its secrets, its faults, and calls that are applied late. */
export class SimulatedUpstream {
  readonly secrets = new Map<string, SimulatedSecret>();
  readonly #byName = new Map<string, SimulatedSecret[]>();
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #options: UpstreamOptions;
  readonly #watcher: UpstreamWatcher;
  #lastId = 0;

  constructor(
    queue: EventQueue,
    random: Random,
    options: UpstreamOptions,
    watcher: UpstreamWatcher,
  ) {
    this.#queue = queue;
    this.#random = random;
    this.#options = options;
    this.#watcher = watcher;
  }

  /** The upstream as one process sees it: after that has ended, nothing reaches it any more. */
  connect(isAlive: () => boolean): Upstream {
    const resume = <Result>(ms: number, result: () => Result) =>
      new Promise<Result>((resolve) => {
        this.#queue.after(ms, () => isAlive() && resolve(result()));
      });
    return {
      create: (secret, options) => this.#call("create", null, secret, options, resume),
      update: (secretId, secret, options) =>
        this.#call("update", secretId, secret, options, resume),
      list: (name, options) => this.#list(name, options, resume),
    };
  }

  /** The secrets of a name that have not been deleted. */
  findAlive(name: string): SimulatedSecret[] {
    return (this.#byName.get(name) ?? []).filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Adds a secret that someone else creates. */
  addForeign(name: string): void {
    this.#add(name, "foreign", this.#queue.now);
  }

  async #call(
    operation: SimulatedCall["operation"],
    secretId: string | null,
    { name, value }: SecretContent,
    { timeoutMs, beforeLeaving }: CallOptions,
    resume: <Result>(ms: number, result: () => Result) => Promise<Result>,
  ): Promise<CallEnd> {
    this.#watcher.started({ name, value });
    const timeUp = resume(timeoutMs, () => false);
    const hasLeft = beforeLeaving().then(
      () => true,
      () => false,
    );
    if (!(await Promise.race([hasLeft, timeUp]))) {
      return { kind: "failed", failure: { ...lost(undefined), code: "timed_out" } };
    }
    const { now } = this.#queue;
    const call: SimulatedCall = {
      operation,
      name,
      value,
      secretId,
      leftAt: now,
      timeoutMs,
      observed: "lost",
      observedAt: now,
      appliedAt: undefined,
      appliedTo: undefined,
    };
    this.#watcher.left(call);
    const isFaulty = this.#random.chance(this.#options.faults);
    const fate: Fate | "works" = isFaulty ? this.#random.pick(FATES) : "works";
    return this.#carryOut(call, fate, resume);
  }

  #carryOut(
    call: SimulatedCall,
    fate: Fate | "works",
    resume: <Result>(ms: number, result: () => Result) => Promise<Result>,
  ): Promise<CallEnd> {
    const random = this.#random;
    const workMs = 1 + random.upTo(300);
    const endMs = workMs + random.upTo(500);
    const applyIn = (ms: number) => void this.#queue.after(ms, () => this.#apply(call));
    const observe = (observed: SimulatedCall["observed"], failure: UpstreamFailure): CallEnd => {
      call.observed = observed;
      call.observedAt = this.#queue.now;
      this.#watcher.observed(call);
      return { kind: "failed", failure };
    };
    const fail = (ms: number, observed: SimulatedCall["observed"], failure: UpstreamFailure) =>
      resume(ms, () => observe(observed, failure));
    switch (fate) {
      case "works":
        applyIn(workMs);
        return resume(endMs, () => {
          const failure = this.#readRejection(call);
          if (failure !== undefined) return observe("not_applied", failure);
          call.observed = "answered";
          call.observedAt = this.#queue.now;
          this.#watcher.observed(call);
          const secret = {
            type: "stored",
            secret_id: call.appliedTo ?? "",
            name: call.name,
          } as const;
          return { kind: "answered", secret };
        });
      case "applied_then_502":
      case "reset_after":
        applyIn(workMs);
        return fail(endMs, "lost", lost(fate === "reset_after" ? undefined : 502));
      case "reset_before":
        return fail(endMs, "lost", lost(undefined));
      case "applied_late":
        applyIn(random.upTo(this.#lateBy(call)));
        return fail(endMs, "lost", lost(504));
      case "hangs":
        if (random.chance(0.7)) applyIn(random.upTo(this.#lateBy(call)));
        return fail(call.timeoutMs, "lost", { ...lost(undefined), code: "timed_out" });
      case "handler_error":
        return fail(endMs, "handler_ended", { ...lost(500), handlerEnded: true });
      case "handler_error_applied":
        applyIn(workMs);
        return fail(endMs, "handler_ended", { ...lost(500), handlerEnded: true });
      case "rate_limited":
        return fail(endMs, "not_applied", clean("rate_limited", 429));
      case "rejected":
        return fail(endMs, "not_applied", clean("rejected", 422));
      case "refused_key":
        return fail(endMs, "not_applied", clean("api_key_refused", 401));
      case "unreachable":
        return fail(endMs, "not_applied", clean("unreachable", undefined));
    }
  }

  /** What the settle time promises: by then a late call has been applied, and listings show it. */
  #lateBy({ timeoutMs }: SimulatedCall): number {
    return timeoutMs + this.#options.settleMs - MAX_LAG_MS - 1;
  }

  #readRejection(call: SimulatedCall): UpstreamFailure | undefined {
    if (call.appliedAt !== undefined) return undefined;
    return call.operation === "create" ? clean("rejected", 409) : clean("not_found", 404);
  }

  #apply(call: SimulatedCall): void {
    if (call.operation === "create") {
      if (this.#options.uniqueNames && this.findAlive(call.name).length > 0) return;
      const lagMs = this.#random.chance(0.3) ? this.#random.upTo(MAX_LAG_MS) : 0;
      call.appliedTo = this.#add(call.name, call.value, this.#queue.now + lagMs).secretId;
    } else {
      const secret = this.secrets.get(call.secretId ?? "");
      if (secret === undefined || secret.deletedAt !== undefined) return;
      secret.value = call.value;
      call.appliedTo = secret.secretId;
    }
    call.appliedAt = this.#queue.now;
    this.#watcher.applied(call);
  }

  #add(name: string, value: string, visibleAt: number): SimulatedSecret {
    this.#lastId += 1;
    const secretId = `secret${this.#lastId}`;
    const secret = { secretId, name, value, visibleAt, deletedAt: undefined };
    this.secrets.set(secretId, secret);
    const named = this.#byName.get(name);
    if (named === undefined) this.#byName.set(name, [secret]);
    else named.push(secret);
    return secret;
  }

  async #list(
    name: string,
    { timeoutMs }: ListOptions,
    resume: <Result>(ms: number, result: () => Result) => Promise<Result>,
  ): Promise<Listing> {
    const readMs = this.#random.upTo(400);
    const answerMs = this.#random.upTo(400);
    if (this.#random.chance(this.#options.faults / 3)) {
      const failure = clean(this.#random.pick(["failed", "timed_out", "rate_limited"]), 503);
      return resume(Math.min(timeoutMs, readMs + answerMs), () => ({ kind: "failed", failure }));
    }
    const shown = await resume(readMs, () => this.#show(name));
    return resume(answerMs, () => ({ kind: "listed", ids: shown, similar: [], unreadable: false }));
  }

  /** What a listing shows now. A secret that was deleted a moment ago can still be shown. */
  #show(name: string): string[] {
    const { now } = this.#queue;
    return (this.#byName.get(name) ?? [])
      .filter(({ visibleAt, deletedAt }) => visibleAt <= now && (deletedAt ?? now) >= now - 100)
      .map(({ secretId }) => secretId);
  }
}

function lost(status: number | undefined): UpstreamFailure {
  return { ...clean("failed", status), outcome: "unknown" };
}

function clean(code: UpstreamFailure["code"], status: number | undefined): UpstreamFailure {
  return describeFailure(new SecretsApiError(code, { outcome: "not_applied", status }));
}
