import { CommandFailure } from "./command-failure.ts";
import { EXIT } from "./exit-codes.ts";

/** Reads the whole number of an option. @throws {CommandFailure} */
export function parseCount(option: string, text: string, max: number): number {
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= max) return Number(text);
  throw new CommandFailure(
    "usage",
    EXIT.usage,
    `${option} must be a whole number from 1 to ${max}`,
  );
}
