import { type CheckLine, checkUpstream } from "@convai-secrets/core/internal";
import { printableLine } from "./printable.ts";

const MARKS = { ok: "✓", failed: "✗", unclear: "?" } as const;

/** A check's line as it is printed, with what to do about it. */
export function formatCheck({ subject, status, message, advice }: CheckLine): string {
  const text = advice === undefined ? message : `${message}. ${advice}`;
  return `${MARKS[status]} ${subject}: ${printableLine(text)}`;
}

/** Checks an API key and its permissions at the workspace's host. Nothing is created or changed. */
export async function checkApiKey(apiKey: string, baseUrl: string): Promise<readonly CheckLine[]> {
  return await checkUpstream({ apiKey, baseUrl });
}
