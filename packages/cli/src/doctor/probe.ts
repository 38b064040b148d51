import { type ClientFailureCode, classifyFetchFailure } from "@convai-secrets/client";
import { readBody } from "@convai-secrets/core/internal";
import { PATHS } from "@convai-secrets/protocol";

/** The answer at the Worker's health path, without credentials. */
export interface ProbeAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The host that a redirect names. */
  readonly redirectHost: string | undefined;
  readonly text: string;
  /** How far the server's clock is ahead of ours, in milliseconds, if it sent a date. */
  readonly clockAheadMs: number | undefined;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** Requests the Worker's health without credentials and without following a redirect. */
export async function probe(url: string): Promise<ProbeAnswer | ClientFailureCode> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const started = Date.now();
  try {
    const response = await fetch(url + PATHS.healthz, { redirect: "manual", signal });
    const answered = Date.now();
    const { status, headers } = response;
    const bytes = await readBody(response, MAX_ANSWER_BYTES);
    const date = Date.parse(headers.get("date") ?? "");
    return {
      status,
      contentType: headers.get("content-type") ?? "",
      redirectHost: URL.parse(headers.get("location") ?? "", url)?.host,
      text: new TextDecoder().decode(bytes),
      clockAheadMs: Number.isNaN(date) ? undefined : date - (started + answered) / 2,
    };
  } catch (error) {
    if (signal.aborted) return "timed_out";
    return classifyFetchFailure(error);
  }
}
