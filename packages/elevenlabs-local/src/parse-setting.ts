import * as v from "valibot";

/**
 * The input as the schema reads it.
 *
 * @throws {TypeError} if the schema refuses it; the message lists why.
 */
export function parseSetting<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const result = v.safeParse(schema, input);
  if (!result.success) throw new TypeError(v.summarize(result.issues));
  return result.output;
}
