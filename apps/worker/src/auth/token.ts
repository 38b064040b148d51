import { digestToken, TOKEN_PATTERN } from "@convai-secrets/protocol";
import type { AuthenticSender } from "./authentic-sender.ts";
import type { Authenticator } from "./authenticator.ts";
import { readBearerCredential } from "./bearer-credential.ts";
import { isAmong } from "./is-among.ts";

/** A sender's token. It is compared by its SHA-256, so the configuration does not contain it. */
export const tokenAuthenticator: Authenticator = {
  method: "token",

  applies: () => true,

  async authenticate({ headers, senders }) {
    const token = readBearerCredential(headers);
    if (token === undefined || !TOKEN_PATTERN.test(token)) return undefined;
    const digest = await digestToken(token);
    const matches = senders.filter(({ tokenDigests }) => isAmong(digest, tokenDigests));
    return toOnly(matches, token);
  },
};

function toOnly(matches: readonly AuthenticSender[], credential: string) {
  const [sender, ...others] = matches;
  return sender === undefined || others.length > 0 ? undefined : { sender, credential };
}
