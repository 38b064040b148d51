import type { Issue } from "@convai-secrets/core";

/** A secret as it was found in the input, before any rule is held against it. */
export interface FoundSecret {
  readonly name: string;
  /** Of a .env file always a string; of JSON, anything. */
  readonly value: unknown;
  /** Where it was found, as an issue calls it. */
  readonly origin: string;
}

/** What an input holds, and what in it cannot be understood. */
export interface Found {
  readonly secrets: readonly FoundSecret[];
  readonly issues: readonly Issue[];
}
