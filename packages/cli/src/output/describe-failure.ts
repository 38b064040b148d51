import { DeliveryError } from "@convai-secrets/client";
import { CommandFailure } from "../command-failure.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Report } from "../report.ts";

/** What is told of a failed call, for programs. */
export function describeDeliveryError(error: DeliveryError) {
  const { code, message, outcome, status, retryable, requestId, attempts, issues } = error;
  return {
    code,
    message,
    outcome,
    status,
    retryable,
    request_id: requestId,
    attempts,
    ...(issues.length === 0 ? {} : { issues }),
  };
}

/** The report of a command that ended in an error, whichever. */
export function reportFailure(error: unknown): Report {
  if (error instanceof CommandFailure) {
    const issues = error.issues.map(({ path, rule }) => ({ path, message: rule }));
    return report(
      { code: error.code, message: error.message, ...(issues.length > 0 ? { issues } : {}) },
      [error.message, ...issues.map(({ path, message }) => `  ${path}: ${message}`)],
      error.exitCode,
    );
  }
  if (error instanceof DeliveryError) {
    const { message, requestId } = error;
    const request = requestId === undefined ? "" : ` (request ${requestId})`;
    return report(describeDeliveryError(error), [message + request], chooseExitCode(error));
  }
  // Nobody knows what its message holds.
  const message = `A fault of this program: ${error instanceof Error ? error.name : "unknown"}`;
  return report({ code: "fault", message }, [message], EXIT.fault);
}

function report(error: object, notes: readonly string[], exitCode: ExitCode): Report {
  return { document: { error }, text: "", notes, exitCode };
}

/** Without a request sent, it is the input that is wrong. */
function chooseExitCode({ attempts, outcome, code }: DeliveryError): ExitCode {
  if (attempts === 0 && code !== "aborted") return EXIT.invalid;
  return outcome === "unknown" ? EXIT.unknown : EXIT.failed;
}
