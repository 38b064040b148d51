import {
  type CreateSecretRequest,
  CreateSecretRequestSchema,
  describeIssues,
} from "@convai-secrets/core";
import * as v from "valibot";
import { Problem, type ProblemExtras } from "./problem.ts";
import type { ProblemCode } from "./problems.ts";

/** `application/json`, with no charset but UTF-8 (RFC 8259, section 8.1). */
const JSON_MEDIA_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*(?:utf-8|"utf-8")\s*)?$/i;

/** A byte order mark is kept, and is not JSON (RFC 8259, section 8.1). */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the secret to store from a request's bytes.
 *
 * @throws {Problem} `unsupported_media_type`, `malformed_body` or `invalid_request`
 */
export function parseSecret(headers: Headers, body: Uint8Array): CreateSecretRequest {
  if (!JSON_MEDIA_TYPE.test(headers.get("content-type") ?? "")) {
    throw refused("unsupported_media_type", "content-type must be application/json in UTF-8");
  }
  const text = decodeUtf8(body);
  const result = v.safeParse(CreateSecretRequestSchema, parseJson(text));
  if (!result.success) {
    const issues = describeIssues(result.issues);
    throw refused("invalid_request", "The body breaks the rules listed in errors", { issues });
  }
  if (holdsKeyTwice(text)) throw refused("malformed_body", "The body must not hold a key twice");
  return result.output;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw refused("malformed_body", "The body must be UTF-8");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The reason quotes the text around it.
    throw refused("malformed_body", "The body must be JSON");
  }
}

const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Whether a key is there more than once, of which `JSON.parse` silently keeps the last: whoever else
 * reads the body, before it is signed or on its way, may keep the first (RFC 8259, section 4).
 *
 * @param text JSON that was read as three members, each a string: six strings, if it holds no more
 */
function holdsKeyTwice(text: string): boolean {
  return (text.match(JSON_STRING)?.length ?? 0) > 6;
}

function refused(code: ProblemCode, detail: string, extras: ProblemExtras = {}): Problem {
  return new Problem(code, detail, { outcome: "not_created", retryable: false, ...extras });
}
