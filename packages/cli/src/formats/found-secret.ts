import type { Issue } from "@convai-secrets/core/internal";

/** A secret as the input contains it, before the rules of the request are applied. */
export interface FoundSecret {
  readonly name: string;
  /** A string, unless the input is JSON. */
  readonly value: unknown;
  /** Where it is in the input, to be shown. */
  readonly origin: string;
  /** The rules that the input breaks here: the value cannot be read for certain. */
  readonly rules: readonly string[];
}

/** The content of an input. */
export interface Found {
  readonly secrets: readonly FoundSecret[];
  /** What concerns the whole input, and lines without a name. */
  readonly issues: readonly Issue[];
}
