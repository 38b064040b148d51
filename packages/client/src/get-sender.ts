import { PATHS, type SenderPage, SenderPageSchema } from "@convai-secrets/protocol";
import { sendWithRetry } from "./send-with-retry.ts";
import { readSenderOptions, type SenderOptions } from "./sender-options.ts";

/** Longer than any sender: the SENDERS document is at most 64 KiB. */
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Asks the Worker who the caller is and what it may do.
 *
 * @throws {DeliveryError}
 * @throws {TypeError} if an option breaks a rule
 * @example
 * ```ts
 * const { id, names, existing } = await getSender({ url, token });
 * ```
 */
export async function getSender(options: SenderOptions): Promise<SenderPage> {
  const { result } = await sendWithRetry(readSenderOptions(options), {
    method: "GET",
    path: PATHS.sender,
    body: "",
    schema: SenderPageSchema,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  return result;
}
