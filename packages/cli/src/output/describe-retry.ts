import { describeCode, type Retry } from "@convai-secrets/client";
import { printable } from "./printable.ts";

/** A retry in one line: which secret, why, and how long the command now waits. */
export function describeRetry(name: string, { attempt, delayMs, code }: Retry): string {
  const seconds = (delayMs / 1000).toFixed(1);
  return `${printable(name)}: attempt ${attempt} failed: ${describeCode(code)} (${code}); retrying in ${seconds} s`;
}
