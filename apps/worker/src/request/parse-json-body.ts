import { containsSecret, describeFieldName } from "@convai-secrets/core/internal";
import { parseJson } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";

/**
 * `application/json`, with no charset other than UTF-8 (RFC 8259, section 8.1). Empty parameters are
 * allowed (RFC 9110, section 5.6.6).
 */
const JSON_MEDIA_TYPE =
  /^application\/json[ \t]*(?:;[ \t]*(?:charset=(?:utf-?8|"utf-?8"))?[ \t]*)*$/i;

/** A string of valid JSON, and the colon after it if it is a key. */
const STRING = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;

/** A byte order mark is kept, so that it is rejected: it is not JSON (RFC 8259, section 8.1). */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses a JSON body.
 *
 * @throws {Problem} `unsupported_media_type` or `malformed_body`
 */
export function parseJsonBody(headers: Headers, body: Uint8Array): unknown {
  if (!JSON_MEDIA_TYPE.test(headers.get("content-type") ?? "")) {
    throw new Problem("unsupported_media_type", "content-type must be application/json in UTF-8");
  }
  const text = decodeUtf8(body);
  const { json, issue } = parseJson(text);
  switch (issue?.reason) {
    case undefined:
      return json;
    case "malformed":
      throw new Problem("malformed_body", "The body must be JSON");
    case "duplicate_key":
      throw new Problem("malformed_body", "The body must not contain duplicate keys", {
        issues: [{ path: describeKey(issue.key, text), rule: "must not be a duplicate key" }],
      });
  }
}

/**
 * A key of the body can be the value itself. The parsed JSON lacks a value that a duplicate key
 * replaced, so all strings of the text are compared.
 */
function describeKey(key: string, text: string): string {
  const strings = [...text.matchAll(STRING)].flatMap(([, string = "", colon]) =>
    colon === undefined ? [JSON.parse(string) as string] : [],
  );
  return containsSecret(key, strings) ? "?" : describeFieldName(key);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem("malformed_body", "The body must be UTF-8");
  }
}
