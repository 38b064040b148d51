import type { DeliveryReport, DeliveryRequest } from "./delivery-outcome.ts";
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

/** A page of a sender's deliveries; `misconfigured` if the ledger belongs to another host. */
export type SenderDeliveries = DeliveryList | { readonly kind: "misconfigured" };

/** What the rest of the Worker can ask the ledger. */
export interface LedgerClient {
  /**
   * Delivers a secret, or answers what became of an earlier request of the same delivery.
   *
   * @throws if the object fails or is reset: the outcome is unknown then
   */
  deliver(request: DeliveryRequest): Promise<DeliveryReport>;
  /** A page of a sender's deliveries, newest first. `before` is `next` of the page before. */
  list(senderId: string, limit: number, before: number | undefined): Promise<SenderDeliveries>;

  /** What needs a decision, oldest first, and the newest recorded actions. */
  overview(): Promise<Overview>;
  /** All senders that the ledger knows. */
  senders(): Promise<readonly SenderActivity[]>;
  deliveries(filter: DeliveryFilter): Promise<DeliveryList>;
  delivery(senderId: string, id: string): Promise<DeliveryEntry | undefined>;
  /** Names that start with `prefix`, after the name `after`. */
  names(prefix: string, after: string | undefined, limit: number): Promise<NameList>;
  /** The secrets that have this name upstream now. */
  candidates(name: string): Promise<CandidateList>;
  decide(decision: Decision): Promise<DecisionResult>;
  /** Whether the ledger belongs to the configured host. Calls nothing. */
  check(): Promise<HostCheck>;
}

/** The bindings that {@link openLedger} reads. */
export interface LedgerBindings {
  readonly LEDGER: DurableObjectNamespace;
  /** `eu` or `fedramp`: where Cloudflare keeps the object. */
  readonly LEDGER_JURISDICTION?: string | undefined;
}

/** The one object of the workspace. */
const OBJECT_NAME = "workspace";

/**
 * Opens the ledger of the workspace. A stub that met an exception is broken, so each request opens
 * its own.
 *
 * @example
 * ```ts
 * const { outcome } = await openLedger(env).deliver(request);
 * ```
 */
export function openLedger({ LEDGER, LEDGER_JURISDICTION }: LedgerBindings): LedgerClient {
  const namespace =
    LEDGER_JURISDICTION === undefined
      ? LEDGER
      : LEDGER.jurisdiction(LEDGER_JURISDICTION as DurableObjectJurisdiction);
  return namespace.getByName(OBJECT_NAME) as unknown as LedgerClient;
}
