/**
 * Why no connection was made, so that no byte of the request was sent:
 *
 * - `connection_refused`: no server listens on the port
 * - `host_not_found`: the host name has no address
 * - `network_unreachable`: there is no route to the host, or it did not answer in time
 * - `tls_failed`: the certificate is not trusted, or the server does not speak TLS
 */
export type ConnectionFailure =
  | "connection_refused"
  | "host_not_found"
  | "network_unreachable"
  | "tls_failed";

/**
 * Error codes of Node.js and Bun that only occur before the first byte of a request is sent.
 *
 * `ECONNRESET` and `EPROTO` are not listed: they also occur after the request was sent. The texts of
 * Deno and Chromium are not read: both resend a POST after a reused connection is closed, so their
 * last error can be a refused connection after a request that was sent. workerd has one text for a
 * refused and for a lost connection.
 *
 * @see https://nodejs.org/api/errors.html
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const FAILURES: Readonly<Record<string, ConnectionFailure>> = {
  ECONNREFUSED: "connection_refused",
  UND_ERR_CONNECT_TIMEOUT: "network_unreachable",
  ENOTFOUND: "host_not_found",
  EAI_AGAIN: "host_not_found",
  CERT_HAS_EXPIRED: "tls_failed",
  CERT_NOT_YET_VALID: "tls_failed",
  CERT_REVOKED: "tls_failed",
  CERT_SIGNATURE_FAILURE: "tls_failed",
  CERT_UNTRUSTED: "tls_failed",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls_failed",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls_failed",
  HOSTNAME_MISMATCH: "tls_failed",
  INVALID_CA: "tls_failed",
  INVALID_PURPOSE: "tls_failed",
  SELF_SIGNED_CERT_IN_CHAIN: "tls_failed",
  UNABLE_TO_GET_ISSUER_CERT: "tls_failed",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls_failed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls_failed",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "tls_failed",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "tls_failed",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls_failed",
};

/** Codes that say the same of an attempt to connect, but also occur on an open connection. */
const CONNECT_FAILURES: ReadonlySet<unknown> = new Set([
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

/**
 * Why a `fetch` that failed made no connection.
 *
 * @param error what `fetch` rejected with; its chain of causes is read, its text is not
 * @returns `undefined` if the request may have been sent
 * @example
 * ```ts
 * await fetch("http://127.0.0.1:3999").catch(classifyConnectionFailure); // "connection_refused"
 * ```
 */
export function classifyConnectionFailure(error: unknown): ConnectionFailure | undefined {
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
    const { code, syscall } = error as { code?: unknown; syscall?: unknown };
    if (typeof code === "string" && Object.hasOwn(FAILURES, code)) return FAILURES[code];
    if (syscall === "connect" && CONNECT_FAILURES.has(code)) return "network_unreachable";
    error = error.cause;
  }
  return undefined;
}
