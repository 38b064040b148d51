import { DeliveryError, type DeliveryErrorCode } from "@convai-secrets/client";
import type { DeliveryResult, DRY_RUN_EFFECTS } from "@convai-secrets/protocol";
import pMap from "p-map";
import type { CheckedSecret } from "./check-secrets.ts";

/** What happened, or would happen, to a secret. `stored` if the answer does not say how. */
type Effect = DeliveryResult | "stored" | `would_${(typeof DRY_RUN_EFFECTS)[number]}`;

/** A delivery that succeeded. */
export interface Success {
  readonly effect: Effect;
  readonly secretId: string | undefined;
}

/** The result for one secret of a push. */
export type Pushed = { readonly name: string } & (
  | { readonly outcome: Effect; readonly secretId: string | undefined }
  | { readonly outcome: "not_applied" | "unknown"; readonly error: DeliveryError }
  | { readonly outcome: "not_sent" }
);

/** How to push. */
export interface PushOptions {
  readonly deliver: (secret: CheckedSecret) => Promise<Success>;
  /** The most deliveries in flight. */
  readonly concurrency: number;
  /** Once aborted, no further delivery is started. */
  readonly stopping: AbortSignal;
  /** Called for each delivery as it ends. */
  readonly onPushed: (pushed: Pushed) => void;
}

/** Failures that concern the sender or the Worker, so that the next secret would fail in the same way. */
const CONCERNS_ALL: ReadonlySet<DeliveryErrorCode> = new Set([
  "unauthenticated",
  "stale_timestamp",
  "sender_paused",
  "misconfigured",
  "upstream_key_refused",
  "upstream_refused",
  "not_found",
  "method_not_allowed",
  "redirected",
  "tls_failed",
  "id_token_unavailable",
]);

/** The same, as long as no delivery has succeeded. */
const CONCERNS_ALL_AT_FIRST: ReadonlySet<DeliveryErrorCode> = new Set([
  "host_not_found",
  "connection_refused",
  "network_unreachable",
  "connection_lost",
  "unreadable_answer",
]);

/**
 * Delivers secrets, several at a time. One that fails does not stop the others, unless its failure
 * concerns all of them: the rest is then not sent.
 *
 * @returns in the order of the secrets
 */
export function pushSecrets(
  secrets: readonly CheckedSecret[],
  { deliver, concurrency, stopping, onPushed }: PushOptions,
): Promise<Pushed[]> {
  let isHopeless = false;
  let isReached = false;
  const push = async (secret: CheckedSecret): Promise<Pushed> => {
    const { name } = secret;
    if (isHopeless || stopping.aborted) return { name, outcome: "not_sent" };
    const pushed = await deliver(secret).then(describeSuccess(name), describeFailure(name));
    if (!("error" in pushed)) isReached = true;
    else {
      const { code } = pushed.error;
      isHopeless ||= CONCERNS_ALL.has(code) || (!isReached && CONCERNS_ALL_AT_FIRST.has(code));
    }
    onPushed(pushed);
    return pushed;
  };
  return pMap(secrets, push, { concurrency });
}

function describeSuccess(name: string) {
  return ({ effect, secretId }: Success): Pushed => ({ name, outcome: effect, secretId });
}

function describeFailure(name: string) {
  return (error: unknown): Pushed => {
    if (!(error instanceof DeliveryError)) throw error;
    return { name, outcome: error.outcome, error };
  };
}
