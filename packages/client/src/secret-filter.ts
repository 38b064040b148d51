import { containsSecret } from "@convai-secrets/core/internal";

/** Finds what was sent in texts that come back: an unknown server could echo anything. */
export interface SecretFilter {
  /** Whether a text is or contains one of the secrets. A secret of less than 6 characters only matches as a whole. */
  contains(text: string): boolean;
  add(secret: string): void;
}

/** Creates a filter for the secrets of one call. */
export function createSecretFilter(known: readonly (string | undefined)[]): SecretFilter {
  const secrets = new Set(known.filter((secret) => secret !== undefined));
  return {
    contains: (text) => containsSecret(text, [...secrets]),
    add: (secret) => void secrets.add(secret),
  };
}
