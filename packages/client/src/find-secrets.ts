import type { SenderCredential } from "./sender-options.ts";

/** A shorter text is in a random id, or in the wording of a rule, by chance. */
const MIN_TELLING_LENGTH = 6;

/**
 * Tells of texts that come from the server whether they hold what was sent to it: an unknown server
 * could echo anything. A very short value only tells if it is the whole text.
 */
export function findSecrets(
  { senderKey, token }: SenderCredential,
  value?: string,
): (text: string) => boolean {
  const secrets = [senderKey, token, value].filter((secret) => secret !== undefined);
  return (text) =>
    secrets.some(
      (secret) => text === secret || (secret.length >= MIN_TELLING_LENGTH && text.includes(secret)),
    );
}
