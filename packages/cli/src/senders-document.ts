import type { Issue } from "@convai-secrets/core/internal";
import {
  MAX_STORE_SECRET_BYTES,
  MAX_WORKER_SECRET_BYTES,
  parseSenders,
  type Sender,
} from "@convai-secrets/protocol";

/** A SENDERS document as the Worker reads it, and whether it fits where it is stored. */
export interface CheckedSenders {
  readonly senders?: readonly Sender[] | undefined;
  /** Paths as the Worker's /healthz and log name them. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly string[];
  readonly bytes: number;
}

/** Checks a SENDERS document by the Worker's own rules. */
export function checkSenders(json: string): CheckedSenders {
  const { senders, issues = [] } = parseSenders(json);
  const bytes = Buffer.byteLength(json);
  return {
    senders,
    issues: issues.map(({ path, rule }) => ({
      path: path === "" ? "SENDERS" : `SENDERS.${path}`,
      rule,
    })),
    warnings: describeSize(bytes),
    bytes,
  };
}

function describeSize(bytes: number): string[] {
  const kilobytes = (limit: number) => `${limit / 1024} KB`;
  if (bytes > MAX_STORE_SECRET_BYTES) {
    return [
      `${bytes} bytes do not fit: a Secrets Store secret holds ${kilobytes(MAX_STORE_SECRET_BYTES)}`,
    ];
  }
  if (bytes <= MAX_WORKER_SECRET_BYTES) return [];
  return [
    `${bytes} bytes do not fit a Worker secret, which holds ${kilobytes(MAX_WORKER_SECRET_BYTES)}: use a Secrets Store (${kilobytes(MAX_STORE_SECRET_BYTES)})`,
  ];
}
