import type { SenderCredential } from "@convai-secrets/client";
import { TIMESTAMP_TOLERANCE_SECONDS } from "@convai-secrets/protocol";
import type { Check } from "./check.ts";

/** A smaller difference is normal. */
const WARNING_SECONDS = 60;

/** Compares this machine's clock with the server's. Signatures and OIDC tokens depend on it. */
export function checkClock(clockAheadMs: number | undefined, { token }: SenderCredential): Check {
  const check = "clock";
  if (clockAheadMs === undefined) {
    return { check, status: "skipped", code: "skipped", message: "The server sent no date" };
  }
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
  const direction = clockAheadMs > 0 ? "behind" : "ahead of";
  const message =
    seconds === 0
      ? "This machine's clock agrees with the server's"
      : `This machine's clock is ${seconds} s ${direction} the server's`;
  const action = "Set the clock of this machine, for example by NTP.";
  if (seconds > TIMESTAMP_TOLERANCE_SECONDS && token === undefined) {
    return { check, status: "failed", code: "clock_skew", message, action };
  }
  if (seconds > WARNING_SECONDS) {
    return { check, status: "warning", code: "clock_skew", message, action };
  }
  return { check, status: "ok", code: "ok", message };
}
