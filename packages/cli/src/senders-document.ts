import type { Issue } from "@convai-secrets/core";
import { parseSenders, type Sender } from "@convai-secrets/protocol";

/** What Cloudflare lets a Worker's secret hold. */
const MAX_SENDERS_BYTES = 5_000;

/** A SENDERS document as the Worker judges it, and whether it fits where it is to be put. */
export interface CheckedSenders {
  readonly senders?: readonly Sender[] | undefined;
  /** Paths as the Worker's /healthz and log name them. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly string[];
  readonly bytes: number;
}

/** Holds a SENDERS document against the Worker's own rules. */
export function checkSenders(json: string): CheckedSenders {
  const { senders, issues = [] } = parseSenders(json);
  const bytes = Buffer.byteLength(json);
  return {
    senders,
    issues: issues.map(({ path, rule }) => ({
      path: path === "" ? "SENDERS" : `SENDERS.${path}`,
      rule,
    })),
    warnings:
      bytes > MAX_SENDERS_BYTES
        ? [`It has ${bytes} bytes, and a Worker's secret holds at most 5 KB: it may not be taken`]
        : [],
    bytes,
  };
}
