import { inspect } from "node:util";

/** Everything that an error can be made to print. */
export function printError(error: Error): string {
  const depths = { depth: Number.POSITIVE_INFINITY, showHidden: true };
  const own = Object.getOwnPropertyNames(error).map((key) => String(Reflect.get(error, key)));
  return [inspect(error, depths), JSON.stringify(error), String(error), ...own].join("\n");
}
