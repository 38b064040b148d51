import type { SenderOptions } from "@convai-secrets/client";
import { getSetting } from "./setting.ts";

/** The options of a sender that signs its requests. */
export function signed(): SenderOptions {
  const { worker: url, signingSecret } = getSetting();
  return { url, signingSecret };
}

/** The options of a sender that sends its token. */
export function withToken(): SenderOptions {
  const { worker: url, token } = getSetting();
  return { url, token };
}

/** Both ways to authenticate, by the words of a test's title. */
export const AUTHENTICATIONS = [
  ["with a signature", signed],
  ["with a token", withToken],
] as const;
