import type { LogEntry } from "./log.ts";

/**
 * The fields of the log line that each request of a sender writes, for alert queries. A field is
 * absent if it does not apply.
 */
export const LOG_FIELDS = {
  event:
    "`delivery` (POST and PATCH), `deliveries` (GET /v1/deliveries) or `sender` (GET /v1/sender)",
  request_id: "The id of the request, also in the header `x-request-id`",
  version: "The id of the Worker's version at Cloudflare",
  sender: "The sender's id, once it is authenticated",
  authenticated_by: "`signature`, `oidc` or `token`",
  oidc: "The issuer, rule number and claims that an OIDC token met, or why it was `rejected`",
  delivery: "The first 64 bits of the SHA-256 of the delivery's id, in hexadecimal",
  name: "The secret's name, if the sender's patterns allow it",
  operation: "`create` or `update`, once that is decided",
  dry_run: "`true` for a dry run",
  outcome: "`stored`, `dry_run`, `listed`, `shown`, or the code of the problem",
  result: "`created`, `updated` or `replayed`",
  status: "The HTTP status of the answer",
  calls: "Calls of this request to ElevenLabs that could write",
  listings: "Listings of this request",
  failed_listings: "Those that failed; a retry can succeed",
  impossible_listings: "Those that ElevenLabs does not permit",
  upstream_status: "The HTTP status of ElevenLabs, if its answer ended the delivery",
  upstream_code: "The machine-readable reason of ElevenLabs",
  upstream_request_id: "The id of the request at ElevenLabs",
  milliseconds: "How long the request took",
} as const satisfies Readonly<Record<keyof LogEntry, string>>;

/** The fields of the other log lines, by the value of `event`. */
export const EVENT_FIELDS = {
  misconfigured: ["issues"],
  key_load: ["issuer", "outcome"],
  unexpected: ["request_id", "frames"],
  retention: ["removed"],
  unlimited: ["reason"],
} as const;
