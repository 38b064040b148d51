import type { SenderCredential } from "./sender-options.js";

/**
 * Tells of texts that come from the server whether they hold what was sent to it: an unknown server
 * could echo anything.
 */
export function findSecrets(
  { senderKey, token }: SenderCredential,
  value?: string,
): (text: string) => boolean {
  const secrets = [senderKey, token, value].filter((secret) => secret !== undefined);
  return (text) => secrets.some((secret) => text.includes(secret));
}
