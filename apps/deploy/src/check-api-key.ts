import { type CheckLine, checkUpstream } from "@convai-secrets/core/internal";
import { printableLine } from "./printable.ts";

const MARKS = { ok: "✓", failed: "✗", unclear: "?" } as const;

/** The most characters of a message or an advice. The longest advice lists every host. */
const MAX_TEXT_LENGTH = 300;

/** A check's line as it is printed, with what to do about it. */
export function formatCheck({ subject, status, message, advice }: CheckLine): string {
  const texts = advice === undefined ? [message] : [message, advice];
  const shown = texts.map((text) => printableLine(text, MAX_TEXT_LENGTH));
  return `${MARKS[status]} ${subject}: ${shown.join(" ")}`;
}

/** Checks an API key and its permissions at the workspace's host. Nothing is created or changed. */
export async function checkApiKey(apiKey: string, baseUrl: string): Promise<readonly CheckLine[]> {
  return await checkUpstream({ apiKey, baseUrl });
}
