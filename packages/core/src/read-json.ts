import * as v from "valibot";
import { readBody } from "./read-body.ts";

/** More than a page of 100 secrets, or an error with the value echoed several times, can need. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a response's body as JSON of the given shape.
 *
 * @returns `undefined` if it is too large, cut off, not UTF-8, not JSON or of another shape
 */
export async function readJson<Schema extends v.GenericSchema>(
  response: Response,
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  try {
    const bytes = await readBody(response, MAX_RESPONSE_BYTES);
    return v.parse(schema, JSON.parse(utf8.decode(bytes)));
  } catch {
    return undefined;
  }
}
