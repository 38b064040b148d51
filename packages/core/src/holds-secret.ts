/** A shorter secret may be part of an honest text by chance. */
const MIN_TELLING_LENGTH = 8;

/**
 * Whether a text that is to be kept or shown is one of these secrets, or has one of 8 characters or
 * more in it.
 */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some(
    (secret) => text === secret || (secret.length >= MIN_TELLING_LENGTH && text.includes(secret)),
  );
}
