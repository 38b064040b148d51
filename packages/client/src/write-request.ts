import { CreateSecretRequestSchema, describeIssues } from "@convai-secrets/core";
import * as v from "valibot";
import { DeliveryError, type DeliveryErrorCode, type DeliveryIssue } from "./delivery-error.ts";

/** What the Worker reads of a request at most. */
const MAX_BODY_BYTES = 64 * 1024;

/** 1 to 255 visible ASCII characters but the dot, which separates what Standard Webhooks signs. */
const DELIVERY_ID = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;

/**
 * Writes the body of "Create secret".
 *
 * @throws {DeliveryError} `invalid_request` or `payload_too_large`, before anything is sent
 */
export function writeBody(name: string, value: string): string {
  const result = v.safeParse(CreateSecretRequestSchema, { type: "new", name, value });
  if (!result.success) {
    const issues = describeIssues(result.issues);
    throw refuse(
      "invalid_request",
      issues.map(({ path, rule }) => ({ path, message: rule })),
    );
  }
  const body = JSON.stringify(result.output);
  if (new TextEncoder().encode(body).byteLength <= MAX_BODY_BYTES) return body;
  throw refuse("payload_too_large", []);
}

/**
 * The id is kept and listed as it is.
 *
 * @param isSecret whether a text holds the value or the credential
 * @throws {DeliveryError} `invalid_idempotency_key`, before anything is sent
 */
export function checkId(id: string | undefined, isSecret?: (text: string) => boolean): void {
  if (id === undefined) return;
  const isWellFormed = typeof id === "string" && DELIVERY_ID.test(id);
  if (isWellFormed && !isSecret?.(id)) return;
  const message = isWellFormed
    ? "must not hold the value or the credential"
    : "must be 1 to 255 visible ASCII characters without a dot";
  throw refuse("invalid_idempotency_key", [{ path: "id", message }]);
}

function refuse(code: DeliveryErrorCode, issues: readonly DeliveryIssue[]): DeliveryError {
  return new DeliveryError(code, {
    outcome: "not_created",
    retryable: false,
    issues,
    attempts: 0,
  });
}
