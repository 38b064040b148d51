import { DurableObject } from "cloudflare:workers";
import type { CreateSecretRequest } from "@convai-secrets/core";
import { type Configuration, loadConfiguration } from "../configuration.ts";
import type { Delivered } from "../delivered.ts";
import { logRetention } from "../log.ts";
import {
  type Fingerprint,
  fingerprintSecret,
  type LedgerKey,
  openLedgerKey,
} from "./fingerprint.ts";
import { importCredentials } from "./import-credentials.ts";
import { removeExpired } from "./retention.ts";
import { type IdentifiedDelivery, isSameContent, runDelivery } from "./run-delivery.ts";
import { type DeliveryPage, LedgerStore } from "./store.ts";
import { WriteQueue } from "./write-queue.ts";

/** A delivery as the webhook hands it over. */
export interface DeliveryRequest {
  readonly senderId: string;
  /** Without one, an id is derived from the content: the same secret again is the same delivery. */
  readonly id: string | undefined;
  readonly secret: CreateSecretRequest;
}

/** How it ended, and under which id. */
export interface DeliveryReport {
  /** Undefined if it came without one, and the key to derive one could not be had. */
  readonly deliveryId: string | undefined;
  readonly delivered: Delivered;
}

interface Running {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly delivered: Promise<Delivered>;
}

/** When an alarm that failed rings again. */
const ALARM_RETRY_MS = 60 * 60 * 1000;

/**
 * One sender's ledger: delivers each id exactly once.
 *
 * It records a delivery before the upstream call, makes the call itself, so that a caller who hangs
 * up loses nothing, and records the outcome. Duplicates that arrive meanwhile share the one call.
 * The rules are in delivery.ts, the tables in store.ts.
 */
export class Ledger extends DurableObject<Env> {
  readonly #store = new LedgerStore(this.ctx.storage);
  readonly #running = new Map<string, Running>();
  readonly #writes = new WriteQueue(() => this.#running.size === 1);
  #opened: { readonly apiKey: string; readonly key: Promise<LedgerKey> } | undefined;
  #isAlarmSet = false;

  /** Delivers a secret, or tells what became of an earlier delivery of the same id. */
  async deliver({ senderId, id, secret }: DeliveryRequest): Promise<DeliveryReport> {
    const configuration = await this.#loadConfiguration();
    const apiKey = await configuration.apiKey().catch(() => "");
    if (apiKey === "") return { deliveryId: id, delivered: KEY_UNAVAILABLE };
    const key = await this.#openKey(apiKey, senderId, configuration);
    const fingerprint = await fingerprintSecret(secret, key);

    const delivery = { id: id ?? `auto-${fingerprint.digest}`, secret, fingerprint };
    const delivered = await this.#share(delivery, async () => {
      await this.#setFirstAlarm(configuration.retentionMs);
      return runDelivery(
        delivery,
        { store: this.#store, writes: this.#writes },
        { apiKey, baseUrl: configuration.baseUrl },
        configuration,
      );
    });
    return { deliveryId: delivery.id, delivered };
  }

  /** A page of this sender's deliveries, newest first. */
  list(limit: number, before: number | undefined): DeliveryPage {
    return this.#store.list(limit, before);
  }

  /** Removes a batch of what is past its retention, and rings again, whatever fails. */
  override async alarm(): Promise<void> {
    let next: number | null = Date.now() + ALARM_RETRY_MS;
    try {
      const { retentionMs } = await this.#loadConfiguration();
      const done = removeExpired(this.#store, retentionMs, Date.now());
      // A delivery under way may have yet to be recorded.
      const isIdle = this.#running.size === 0;
      next = done.next ?? (isIdle ? null : Date.now() + retentionMs);
      logRetention(done.removed);
    } finally {
      // A failed alarm is rung again by the platform a few times, then dropped: this one is not.
      if (next !== null) await this.ctx.storage.setAlarm(next);
      this.#isAlarmSet = next !== null;
    }
  }

  /** Lets deliveries of one id that arrive while the first is running have its answer. */
  async #share(
    { id, secret: { name }, fingerprint }: IdentifiedDelivery,
    run: () => Promise<Delivered>,
  ): Promise<Delivered> {
    const running = this.#running.get(id);
    if (running !== undefined) {
      const isSame = isSameContent(running, { name, fingerprint });
      return isSame ? running.delivered : { kind: "reused" };
    }
    const delivered = run();
    this.#running.set(id, { name, fingerprint, delivered });
    try {
      return await delivered;
    } finally {
      this.#running.delete(id);
    }
  }

  /** Opens the ledger's key once, and again when the API key has been rotated meanwhile. */
  async #openKey(apiKey: string, senderId: string, { senders }: Configuration): Promise<LedgerKey> {
    if (this.#opened?.apiKey !== apiKey) {
      const sender = senders.find(({ id }) => id === senderId);
      // One after the other: two that find no key would each make one.
      const before = this.#opened?.key.catch(() => {});
      const key = Promise.all([importCredentials(apiKey, sender), before]).then(([credentials]) =>
        openLedgerKey(this.#store, credentials),
      );
      this.#opened = { apiKey, key };
      key.catch(() => {
        this.#opened = undefined;
      });
    }
    return this.#opened.key;
  }

  /** Sets the alarm with the first delivery, and again should it have been lost. */
  async #setFirstAlarm(retentionMs: number): Promise<void> {
    if (this.#isAlarmSet) return;
    this.#isAlarmSet = true;
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null) await this.ctx.storage.setAlarm(Date.now() + retentionMs);
  }

  async #loadConfiguration(): Promise<Configuration> {
    const { configuration } = await loadConfiguration(this.env);
    if (configuration === undefined) throw new Error("The configuration breaks a rule");
    return configuration;
  }
}

const KEY_UNAVAILABLE: Delivered = {
  kind: "failed",
  failure: {
    code: "api_key_unavailable",
    outcome: "not_created",
    status: undefined,
    retryAfterMs: undefined,
    requestId: undefined,
    issues: [],
  },
};
