import { parseJson } from "@convai-secrets/protocol";
import * as v from "valibot";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import type { Found } from "./found-secret.ts";
import { JSON_FORMATS, type JsonFormat, type JsonFormatName } from "./json-formats.ts";
import { showPlace } from "./show-name.ts";

/**
 * Reads secrets from JSON. A document must match a format as a whole.
 *
 * @param source how to call the input
 * @param format the format of `--format`; without one, the only one that matches
 * @throws {CommandFailure} if it is no JSON, has duplicate keys, or matches no format
 */
export function parseJsonSecrets(
  text: string,
  source: string,
  format: JsonFormatName | undefined,
): Found {
  const { json, issue } = parseJson(text);
  if (issue?.reason === "malformed") {
    throw reject(source, "must be JSON; for a .env file use --format env", []);
  }
  if (issue !== undefined) {
    throw reject(showPlace(source, issue.key), "must not contain duplicate keys", []);
  }
  if (format !== undefined) {
    const { description, lenientSchema, read }: JsonFormat = JSON_FORMATS[format];
    if (!v.is(lenientSchema, json)) throw reject(source, `must be ${description}`, []);
    return { secrets: read(json as never), issues: [] };
  }
  const matching = Object.values(JSON_FORMATS).filter(({ schema }) => v.is(schema, json));
  const [only, ...others]: JsonFormat[] = matching;
  if (only === undefined || others.length > 0) {
    const known = Object.entries(JSON_FORMATS).map(([name, { description }]) => ({
      path: `--format ${name}`,
      rule: description,
    }));
    throw reject(source, "must be, as a whole, one of these formats", known);
  }
  return { secrets: only.read(json as never), issues: [] };
}

function reject(
  path: string,
  rule: string,
  known: readonly { readonly path: string; readonly rule: string }[],
): CommandFailure {
  const message = "Nothing was sent: the input cannot be read";
  return new CommandFailure("invalid_input", EXIT.invalid, message, [{ path, rule }, ...known]);
}
