/** A shorter secret can be part of an id or of a fixed text by chance. */
const MIN_CONTAINED_LENGTH = 6;

/**
 * Whether a text is one of these secrets, or contains one that has 6 characters or more. Checked
 * before a text from elsewhere is kept, shown or logged.
 *
 * @example
 * ```ts
 * containsSecret("sec_hunter2", ["hunter2"]); // true
 * containsSecret("sec_a1", ["a1"]); // false
 * ```
 */
export function containsSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some(
    (secret) => text === secret || (secret.length >= MIN_CONTAINED_LENGTH && text.includes(secret)),
  );
}
