import { DurableObject } from "cloudflare:workers";
import { SecretsApiError } from "@convai-secrets/core";
import { checkBindings, type Settings } from "../configuration/settings.ts";
import { logRetention } from "../log.ts";
import { SYSTEM_CLOCK } from "./clock.ts";
import {
  type DeliveryReport,
  type DeliveryRequest,
  reportWithoutCall,
} from "./delivery-outcome.ts";
import { takeFingerprints } from "./fingerprint.ts";
import type { LedgerClient, SenderDeliveries } from "./ledger-client.ts";
import { type DecisionContext, decide, listCandidates } from "./operator-decisions.ts";
import { OperatorQueries } from "./operator-queries.ts";
import type {
  CandidateList,
  Decision,
  DecisionResult,
  DeliveryEntry,
  DeliveryFilter,
  DeliveryList,
  HostCheck,
  NameList,
  Overview,
  SenderActivity,
} from "./operator-view.ts";
import { Sweep } from "./retention.ts";
import { RULES } from "./rules.ts";
import { LedgerStore } from "./store/ledger-store.ts";
import { transition } from "./transition.ts";
import { createUpstream } from "./upstream-api.ts";
import { describeFailure } from "./upstream-failure.ts";
import { type LedgerSettings, WorkspaceLedger } from "./workspace-ledger.ts";

/** When an alarm that failed runs again, in milliseconds. */
const ALARM_RETRY_MS = 60 * 60 * 1_000;

const UNAVAILABLE_KEY = describeFailure(
  new SecretsApiError("api_key_unavailable", { outcome: "not_applied" }),
);

/** The Durable Object of the workspace: gives the ledger its storage, clock and configuration. */
export class Ledger extends DurableObject<Env> implements LedgerClient {
  readonly #store = new LedgerStore(this.ctx.storage);
  readonly #ledger = new WorkspaceLedger({
    store: this.#store,
    clock: SYSTEM_CLOCK,
    durable: () => this.ctx.storage.sync(),
    transition,
    rules: RULES,
  });
  readonly #queries = new OperatorQueries(this.#store, this.#ledger.senderLog);
  readonly #sweep = new Sweep(this.#store);
  #isAlarmSet = false;

  async deliver(request: DeliveryRequest): Promise<DeliveryReport> {
    const settings = await this.#loadSettings();
    const apiKey = await settings.apiKey().catch(() => undefined);
    if (apiKey === undefined) {
      return reportWithoutCall(request.id, { kind: "failed", failure: UNAVAILABLE_KEY });
    }
    if (!request.dryRun) await this.#setFirstAlarm(settings.retentionMs);
    return this.#ledger.deliver(request, createLedgerSettings(settings, apiKey));
  }

  async list(
    senderId: string,
    limit: number,
    before: number | undefined,
  ): Promise<SenderDeliveries> {
    const { host } = await this.#loadSettings();
    if (this.#ledger.checkHost(host) === "differs") return { kind: "misconfigured" };
    return this.#queries.listDeliveries({ senderId, limit, before });
  }

  async overview(): Promise<Overview> {
    return this.#queries.readOverview();
  }

  async senders(): Promise<readonly SenderActivity[]> {
    return this.#queries.listSenders(Date.now());
  }

  async deliveries(filter: DeliveryFilter): Promise<DeliveryList> {
    return this.#queries.listDeliveries(filter);
  }

  async delivery(senderId: string, id: string): Promise<DeliveryEntry | undefined> {
    return this.#queries.findDelivery(senderId, id);
  }

  async names(prefix: string, after: string | undefined, limit: number): Promise<NameList> {
    return this.#queries.listNames(prefix, after, limit);
  }

  async candidates(name: string): Promise<CandidateList> {
    return listCandidates(name, await this.#prepareDecision());
  }

  async decide(decision: Decision): Promise<DecisionResult> {
    return decide(decision, await this.#prepareDecision());
  }

  async check(): Promise<HostCheck> {
    const { host } = await this.#loadSettings();
    return { host: this.#ledger.checkHost(host) };
  }

  /** Removes a batch of expired rows, and sets the next alarm, also after a failure. */
  override async alarm(): Promise<void> {
    let next: number | null = Date.now() + ALARM_RETRY_MS;
    try {
      const { retentionMs } = await this.#loadSettings();
      const { position, isIdle } = this.#ledger;
      const done = this.#sweep.removeExpired({ retentionMs, position }, Date.now());
      // A delivery in flight may have yet to be recorded.
      next = done.next ?? (isIdle ? null : Date.now() + retentionMs);
      if (done.removed > 0) logRetention(done.removed);
    } finally {
      // The platform repeats a failed alarm a few times and then drops it. This one stays set.
      if (next !== null) await this.ctx.storage.setAlarm(next);
      this.#isAlarmSet = next !== null;
    }
  }

  async #prepareDecision(): Promise<DecisionContext> {
    const { apiKey, baseUrl, host } = await this.#loadSettings();
    const upstream = createUpstream({ apiKey, baseUrl });
    return { store: this.#store, upstream, clock: SYSTEM_CLOCK, ledger: this.#ledger, host };
  }

  /** Sets the alarm with the first delivery, and again if it was lost. */
  async #setFirstAlarm(retentionMs: number): Promise<void> {
    if (this.#isAlarmSet) return;
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null) await this.ctx.storage.setAlarm(Date.now() + retentionMs);
    this.#isAlarmSet = true;
  }

  /** The Worker has checked the bindings before it calls the object. */
  async #loadSettings(): Promise<Settings> {
    const settings = await checkBindings(this.env).settings;
    if (settings === undefined) throw new Error("The configuration breaks a rule");
    return settings;
  }
}

function createLedgerSettings(settings: Settings, apiKey: string): LedgerSettings {
  const { baseUrl, host, ledgerKeys, reconcile, settleMs, retentionMs } = settings;
  return {
    host,
    upstream: createUpstream({ apiKey, baseUrl }),
    takeFingerprints: (senderId, content) => takeFingerprints(senderId, content, ledgerKeys),
    reconcile,
    settleMs,
    retentionMs,
  };
}
