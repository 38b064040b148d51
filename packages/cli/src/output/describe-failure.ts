import type { DeliveryError } from "@convai-secrets/client";
import { CommandFailure } from "../command-failure.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Report } from "../report.ts";
import { describeProxy } from "./describe-proxy.ts";

/** A failed call, for programs. */
export function describeDeliveryError(error: DeliveryError) {
  const { code, message, outcome, status, retryable, requestId, upstreamCode, attempts, issues } =
    error;
  return {
    code,
    message,
    outcome,
    status,
    retryable,
    request_id: requestId,
    upstream_code: upstreamCode,
    attempts,
    ...(issues.length === 0 ? {} : { issues }),
  };
}

/** A failed call in one line: what failed, at which host, and the id to look for in the log. */
export function explainDeliveryError(error: DeliveryError, host: string): string {
  const { message, status, attempts, requestId } = error;
  const details = [
    ...(attempts > 0 ? [host] : []),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
  return details.length === 0 ? message : `${message} (${details.join(", ")})`;
}

/** The report of a call that failed. */
export function reportDeliveryError(error: DeliveryError, url: string): Report {
  const { host } = new URL(url);
  return {
    document: { error: { ...describeDeliveryError(error), host } },
    text: "",
    notes: [explainDeliveryError(error, host), ...describeProxy(error.code, process.env)],
    exitCode: chooseExitCode(error),
  };
}

/** The report of a command that ended in any other error. */
export function reportFailure(error: unknown): Report {
  if (error instanceof CommandFailure) {
    const { code, message, exitCode } = error;
    const issues = error.issues.map(({ path, rule }) => ({ path, message: rule }));
    return {
      document: { error: { code, message, ...(issues.length > 0 ? { issues } : {}) } },
      text: "",
      notes: [message, ...issues.map((issue) => `  ${issue.path}: ${issue.message}`)],
      exitCode,
    };
  }
  // The message of an unexpected error may contain anything.
  const message = `A fault of this program: ${error instanceof Error ? error.name : "unknown"}`;
  const document = { error: { code: "fault", message } };
  return { document, text: "", notes: [message], exitCode: EXIT.fault };
}

/** If no request was sent, the input is wrong. */
function chooseExitCode({ attempts, outcome, code }: DeliveryError): ExitCode {
  if (attempts === 0 && code !== "aborted") return EXIT.invalid;
  return outcome === "unknown" ? EXIT.unknown : EXIT.failed;
}
