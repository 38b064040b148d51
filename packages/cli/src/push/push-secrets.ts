import {
  type DeliveredSecret,
  DeliveryError,
  type DeliveryErrorCode,
} from "@convai-secrets/client";
import pMap from "p-map";
import type { CheckedSecret } from "./check-secrets.ts";

/** What became of one secret of a push. */
export type Pushed = { readonly name: string } & (
  | {
      /** By this push, or by an earlier delivery of the same id. */
      readonly outcome: "stored" | "already_stored";
      readonly secretId: string;
      readonly attempts: number;
    }
  | { readonly outcome: "not_created" | "unknown"; readonly error: DeliveryError }
  | { readonly outcome: "not_sent" }
);

/** How a push goes about it. */
export interface PushOptions {
  readonly deliver: (secret: CheckedSecret) => Promise<DeliveredSecret>;
  /** How many deliveries at a time. */
  readonly concurrency: number;
  /** Once aborted, no further delivery is begun. */
  readonly stopping: AbortSignal;
  /** Told of each delivery as it ends. */
  readonly onPushed: (pushed: Pushed) => void;
}

/** What concerns the sender or the Worker, so that the next secret would meet the same. */
const CONCERNS_ALL: ReadonlySet<DeliveryErrorCode> = new Set([
  "unauthenticated",
  "stale_timestamp",
  "misconfigured",
  "upstream_key_refused",
  "not_found",
  "method_not_allowed",
  "redirected",
]);

/**
 * Delivers secrets, several at a time. One that fails does not stop the others, unless what it
 * failed of concerns them all; the rest is then not sent.
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
    const pushed = await deliver(secret).then(describeDelivered, describeFailed(name));
    if (!("error" in pushed)) isReached = true;
    else {
      const { code } = pushed.error;
      isHopeless ||= CONCERNS_ALL.has(code) || (code === "connection_lost" && !isReached);
    }
    onPushed(pushed);
    return pushed;
  };
  return pMap(secrets, push, { concurrency });
}

function describeDelivered({ name, secret_id, replayed, attempts }: DeliveredSecret): Pushed {
  return {
    name,
    outcome: replayed ? "already_stored" : "stored",
    secretId: secret_id,
    attempts,
  };
}

function describeFailed(name: string) {
  return (error: unknown): Pushed => {
    if (!(error instanceof DeliveryError)) throw error;
    return { name, outcome: error.outcome, error };
  };
}
