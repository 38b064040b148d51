import type { ProblemProperties } from "@convai-secrets/protocol";

type ClientFailure = Omit<ProblemProperties, "status">;

/**
 * Failures that are not answers of the Worker.
 *
 * Those that are `not_applied` happen before the request is sent, except `redirected`: the Worker
 * never redirects, so it did not receive the request.
 */
export const CLIENT_FAILURES = {
  host_not_found: {
    title: "The host name of the address does not resolve",
    outcome: "not_applied",
    retryable: true,
  },
  connection_refused: {
    title: "The host refused the connection",
    outcome: "not_applied",
    retryable: true,
  },
  network_unreachable: {
    title: "The address cannot be reached",
    outcome: "not_applied",
    retryable: true,
  },
  tls_failed: {
    title: "No TLS connection to the host: its certificate or its protocol is rejected",
    outcome: "not_applied",
    retryable: false,
  },
  id_token_unavailable: {
    title: "The platform gave no usable OIDC token",
    outcome: "not_applied",
    retryable: true,
  },
  redirected: {
    title: "The address answers with a redirect, which is not followed",
    outcome: "not_applied",
    retryable: false,
  },
  connection_lost: {
    title: "The connection was lost before the answer was complete",
    outcome: "unknown",
    retryable: true,
  },
  timed_out: { title: "No answer in time", outcome: "unknown", retryable: true },
  aborted: { title: "Aborted by the caller", outcome: "unknown", retryable: true },
  unreadable_answer: {
    title: "The answer is not the Worker's: check the address",
    outcome: "unknown",
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ClientFailure>>;

/** A key of {@link CLIENT_FAILURES}. */
export type ClientFailureCode = keyof typeof CLIENT_FAILURES;

/** A failure of this package's own, as its table has it. */
export function clientFailure<Code extends ClientFailureCode>(code: Code, status?: number) {
  const { outcome, retryable } = CLIENT_FAILURES[code];
  return { code, outcome, retryable, status };
}
