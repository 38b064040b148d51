import * as v from "valibot";

/**
 * Validates an input.
 *
 * @throws {TypeError} if the input is invalid; the message lists the issues
 */
export function parseSetting<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const result = v.safeParse(schema, input);
  if (!result.success) throw new TypeError(v.summarize(result.issues));
  return result.output;
}
