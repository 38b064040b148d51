/** A shorter secret may be part of an honest answer by chance. */
const MIN_TELLING_LENGTH = 8;

/** Whether a text of an answer is, or has in it, one of the secrets that were sent to get it. */
export function holdsSecret(text: string, sent: readonly string[]): boolean {
  return sent.some(
    (secret) => text === secret || (secret.length >= MIN_TELLING_LENGTH && text.includes(secret)),
  );
}
