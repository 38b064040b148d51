import {
  DELIVERY_ID_PATTERN,
  DELIVERY_ID_RULE,
  MAX_BODY_BYTES,
  PROBLEMS,
  type ProblemCode,
  SecretIdSchema,
  SecretNameSchema,
  SecretValueSchema,
} from "@convai-secrets/protocol";
import * as v from "valibot";
import { DeliveryError, type DeliveryIssue } from "./delivery-error.ts";
import type { DeliveryContent } from "./derive-delivery-id.ts";
import { createSecretFilter, type SecretFilter } from "./secret-filter.ts";

/** The content of a delivery and its id, if the caller sets one. */
export type Delivery = DeliveryContent & { readonly id?: string | undefined };

/**
 * Checks a delivery by the Worker's rules without sending anything.
 *
 * @returns the broken rules; empty if the delivery breaks no rule. They never quote the input
 * @example
 * ```ts
 * validateDelivery({ name: "", value: "x" }); // [{ path: "name", message: "must not be empty" }]
 * ```
 */
export function validateDelivery(delivery: Delivery): readonly DeliveryIssue[] {
  const secrets = createSecretFilter([delivery.value]);
  try {
    prepareDelivery(delivery, secrets);
    return [];
  } catch (error) {
    if (error instanceof DeliveryError) return error.issues;
    throw error;
  }
}

/**
 * Checks a delivery and writes its body.
 *
 * @param secrets knows the value and the credential
 * @throws {DeliveryError} `invalid_request`, `payload_too_large` or `invalid_idempotency_key`, before
 * anything is sent
 */
export function prepareDelivery(
  { id, name, value, secretId }: Delivery,
  secrets: SecretFilter,
): string {
  const issues = [
    ...check("name", SecretNameSchema, name),
    ...check("value", SecretValueSchema, value),
    ...(secretId === undefined ? [] : check("secret_id", SecretIdSchema, secretId)),
  ];
  if (issues.length === 0 && secrets.contains(name)) {
    issues.push({ path: "name", message: "must not contain the value or the credential" });
  }
  if (issues.length > 0) throw reject("invalid_request", issues);
  if (id !== undefined) checkId(id, secrets);

  const type = secretId === undefined ? "new" : "update";
  const body = JSON.stringify({ type, name, value });
  if (new TextEncoder().encode(body).byteLength <= MAX_BODY_BYTES) return body;
  const message = `must not be larger than ${MAX_BODY_BYTES / 1024} KiB`;
  throw reject("payload_too_large", [{ path: "", message }]);
}

function check(path: string, schema: v.GenericSchema, input: unknown): DeliveryIssue[] {
  const result = v.safeParse(schema, input, { abortPipeEarly: true });
  return result.success ? [] : result.issues.map(({ message }) => ({ path, message }));
}

function checkId(id: unknown, secrets: SecretFilter): void {
  const isWellFormed = typeof id === "string" && DELIVERY_ID_PATTERN.test(id);
  if (isWellFormed && !secrets.contains(id)) return;
  const message = isWellFormed ? "must not contain the value or the credential" : DELIVERY_ID_RULE;
  throw reject("invalid_idempotency_key", [{ path: "id", message }]);
}

function reject(code: ProblemCode, issues: readonly DeliveryIssue[]): DeliveryError {
  const { outcome, retryable } = PROBLEMS[code];
  return new DeliveryError(code, { outcome, retryable, issues, attempts: 0 });
}
