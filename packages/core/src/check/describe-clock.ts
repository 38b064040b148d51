import type { CheckLine } from "./check-line.ts";

const SUBJECT = "Clock";

/** How far the clocks may be apart: less than what tokens and signatures tolerate. */
const MAX_OFFSET_MS = 30_000;

/**
 * Whether the clock agrees with the upstream's `date` header.
 *
 * @param offsetMs our time minus the upstream's, in milliseconds; `undefined` if it sent no date
 */
export function describeClock(offsetMs: number | undefined): CheckLine {
  if (offsetMs === undefined) {
    return {
      subject: SUBJECT,
      status: "unclear",
      message: "The upstream sent no date to compare with.",
      advice: "Check again when the host can be reached.",
    };
  }
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  if (Math.abs(offsetMs) <= MAX_OFFSET_MS) {
    return {
      subject: SUBJECT,
      status: "ok",
      message: `The clock is within ${MAX_OFFSET_MS / 1000} s of the upstream's.`,
    };
  }
  return {
    subject: SUBJECT,
    status: "failed",
    message: `The clock is ${seconds} s ${offsetMs > 0 ? "ahead of" : "behind"} the upstream's.`,
    advice: "Set the clock by NTP. Signatures and tokens are rejected while it is wrong.",
  };
}
