import type { Issue } from "@convai-secrets/core/internal";
import {
  type AuthenticationMethod,
  type DeliveryResult,
  MAX_LISTED_ERRORS,
  type Operation,
} from "@convai-secrets/protocol";
import type { OidcRejection } from "./auth/oidc-verifier.ts";

/** One line per request of a sender: what happened, for whom, and nothing secret. */
export interface LogEntry {
  readonly event: "delivery" | "deliveries" | "sender";
  readonly request_id: string;
  readonly version?: string | undefined;
  sender?: string;
  authenticated_by?: AuthenticationMethod;
  oidc?: OidcLogFields;
  delivery?: string;
  name?: string;
  operation?: Operation | undefined;
  dry_run?: true | undefined;
  outcome?: string;
  result?: DeliveryResult;
  status?: number;
  calls?: number;
  listings?: number;
  failed_listings?: number;
  impossible_listings?: number;
  upstream_status?: number | undefined;
  upstream_code?: string | undefined;
  upstream_request_id?: string | undefined;
  milliseconds?: number;
}

/** The values of claims are those of the rule, so they come from the configuration. */
type OidcLogFields =
  | {
      readonly issuer: string;
      readonly rule: number;
      readonly claims: Readonly<Record<string, string>>;
    }
  | { readonly rejected: OidcRejection };

/** Logs an object, which Workers Logs indexes by field. */
export function log(entry: LogEntry): void {
  console.log(entry);
}

/** How long an isolate waits before it logs an invalid configuration again, in milliseconds. */
const MISCONFIGURED_INTERVAL_MS = 60_000;

let lastMisconfigured = { issues: "", at: Number.NEGATIVE_INFINITY };

/**
 * Names the bindings and the rules they break. Anyone can send requests to a misconfigured Worker,
 * so an isolate logs the same issues at most once a minute, and at most MAX_LISTED_ERRORS of them.
 *
 * @param now the time in milliseconds since the epoch
 */
export function logMisconfigured(allIssues: readonly Issue[], now: number): void {
  const issues = allIssues.slice(0, MAX_LISTED_ERRORS);
  const text = JSON.stringify(issues);
  const isRecent = now < lastMisconfigured.at + MISCONFIGURED_INTERVAL_MS;
  if (isRecent && text === lastMisconfigured.issues) return;
  lastMisconfigured = { issues: text, at: now };
  console.error({ event: "misconfigured", issues });
}

/** A load of an issuer's keys. `failure` is a fixed word; `undefined` if the keys were loaded. */
export function logKeyLoad(issuer: string, failure: string | undefined): void {
  console.log({ event: "key_load", issuer, outcome: failure ?? "loaded" });
}

/** A fault of this program: where it happened. The message can contain anything, so it is dropped. */
export function logUnexpected(requestId: string, error: unknown): void {
  // A message can also have lines that look like frames: the frames start after it.
  const head = String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames =
    stack
      .slice(stack.startsWith(head) ? head.length : stack.length)
      .match(/^ {4}at [\w$#.<> ]+ \([\w./-]+:\d+:\d+\)$/gm) ?? [];
  console.error({ event: "unexpected", request_id: requestId, frames });
}

/** How many deliveries an alarm of a ledger removed. */
export function logRetention(removed: number): void {
  console.log({ event: "retention", removed });
}

let isUnlimitedLogged = false;

/** Logs once per isolate that there is no rate limit. */
export function logUnlimited(): void {
  if (isUnlimitedLogged) return;
  isUnlimitedLogged = true;
  console.warn({ event: "unlimited", reason: "no RATE_LIMITER binding" });
}
