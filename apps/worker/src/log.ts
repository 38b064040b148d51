import type { Issue } from "@convai-secrets/core";
import { type AuthenticationMethod, MAX_LISTED_ERRORS } from "@convai-secrets/protocol";
import type { OidcRejection } from "./auth/oidc-verifier.ts";

/** One line per request: what happened, for whom, and nothing secret. */
export interface LogEntry {
  readonly event: "delivery" | "deliveries";
  readonly request_id: string;
  /** Which version of the Worker answered, by its id at Cloudflare. */
  readonly version?: string | undefined;
  sender?: string;
  authenticated_by?: AuthenticationMethod;
  /** The rule that an OIDC token met, or why it was rejected. Never the token. */
  oidc?: OidcLogFields;
  /** The SHA-256 of the delivery's id, shortened: the id is the sender's text. */
  delivery?: string;
  /** Only of an authenticated sender, and one its policy allows. */
  name?: string;
  /** `stored`, `listed`, or the code of the problem. */
  outcome?: string;
  status?: number;
  upstream_status?: number | undefined;
  upstream_code?: string | undefined;
  upstream_request_id?: string | undefined;
  replayed?: boolean;
  milliseconds?: number;
}

/** The values of claims are those of the rule, so they come from the configuration. */
export type OidcLogFields =
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

/** A fault of this program: where it happened. Its message is not shown, which may hold anything. */
export function logUnexpected(requestId: string, error: unknown): void {
  // A message can hold anything, also lines that look like frames: they begin after it.
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

let saidUnlimited = false;

/** Says once per isolate that no rate limit is bound. */
export function logUnlimited(): void {
  if (saidUnlimited) return;
  saidUnlimited = true;
  console.warn({ event: "unlimited", reason: "no RATE_LIMITER binding" });
}
