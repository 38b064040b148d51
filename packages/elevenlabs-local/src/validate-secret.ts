import type { ValidationIssue } from "./error-bodies.ts";

interface SecretBody {
  readonly name: string;
  readonly value: string;
}

type Validated<T> =
  | { readonly ok: true; readonly output: T }
  | { readonly ok: false; readonly issues: readonly ValidationIssue[] };

/**
 * Validates the body of a create (`new`) or an update (`update`) as FastAPI does. Each issue echoes
 * its input; for a missing field, that is the whole body. Unknown keys are ignored.
 */
export function validateSecret(text: string, type: "new" | "update"): Validated<SecretBody> {
  if (text === "") return invalid([missing(["body"], null)]);

  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return invalid([
      {
        type: "json_invalid",
        loc: ["body", 0],
        msg: "JSON decode error",
        input: {},
        ctx: { error: "Expecting value" },
      },
    ]);
  }
  if (!isRecord(body)) {
    return invalid([
      {
        type: "model_attributes_type",
        loc: ["body"],
        msg: "Input should be a valid dictionary or object to extract fields from",
        input: body,
      },
    ]);
  }

  const { name, value } = body;
  const issues = [
    ...validateType(body, type),
    ...validateString(body, "name"),
    ...validateString(body, "value"),
  ];
  if (issues.length > 0 || typeof name !== "string" || typeof value !== "string") {
    return invalid(issues);
  }
  return { ok: true, output: { name, value } };
}

function validateType(body: Record<string, unknown>, expected: string): ValidationIssue[] {
  if (!Object.hasOwn(body, "type")) return [missing(["body", "type"], body)];
  if (body["type"] === expected) return [];
  return [
    {
      type: "literal_error",
      loc: ["body", "type"],
      msg: `Input should be '${expected}'`,
      input: body["type"],
      ctx: { expected: `'${expected}'` },
    },
  ];
}

function validateString(body: Record<string, unknown>, field: string): ValidationIssue[] {
  if (!Object.hasOwn(body, field)) return [missing(["body", field], body)];
  if (typeof body[field] === "string") return [];
  return [
    {
      type: "string_type",
      loc: ["body", field],
      msg: "Input should be a valid string",
      input: body[field],
    },
  ];
}

function missing(loc: readonly string[], input: unknown): ValidationIssue {
  return { type: "missing", loc, msg: "Field required", input };
}

function invalid(issues: readonly ValidationIssue[]): Validated<never> {
  return { ok: false, issues };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
