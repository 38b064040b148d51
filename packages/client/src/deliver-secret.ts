import { StoredSecretSchema } from "@convai-secrets/core";
import * as v from "valibot";
import { deriveDeliveryId } from "./derive-delivery-id.ts";
import { findSecrets } from "./find-secrets.ts";
import { persist } from "./persist.ts";
import { readSenderOptions, type SenderOptions } from "./sender-options.ts";
import { checkId, writeBody } from "./write-request.ts";

/** A secret to store, and how. */
export type DeliverSecretOptions = SenderOptions & {
  /** Not empty; one that the sender's policy allows. */
  readonly name: string;
  /** Not empty; at most 64 KiB together with the name, as JSON. */
  readonly value: string;
  /**
   * The delivery's id, 1 to 255 visible ASCII characters without a dot: the same id is the same
   * delivery, and stores one secret. Default: one derived from name and value, so that the same
   * content is the same delivery; by the Worker if a token is used, else by {@link deriveDeliveryId}.
   */
  readonly id?: string | undefined;
};

/** A secret that ElevenLabs has stored. */
export interface DeliveredSecret {
  readonly type: "stored";
  readonly secret_id: string;
  readonly name: string;
  /** The delivery's id; `undefined` if the Worker derived it. */
  readonly id: string | undefined;
  /** Whether an earlier delivery of the same id had stored it already. */
  readonly replayed: boolean;
  /** How many requests it took. */
  readonly attempts: number;
}

/** More than the longest honest answer, which repeats the name. */
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Stores a secret through the Worker, as one delivery however often it is sent.
 *
 * Lost connections, timeouts, 408, 425, 429 and 5xx are tried again with the same id and a fresh
 * signature, with backoff, not before `retry-after` has passed; a 409 `outcome_unknown`, which needs
 * a person, and any other refusal is not. Calling it again with the same content is safe.
 *
 * @throws {DeliveryError} if the secret could not be stored, or nobody can tell (`outcome`)
 * @throws {TypeError} if an option is unusable
 * @example
 * ```ts
 * const { secret_id } = await deliverSecret({
 *   url: "https://secrets.example.workers.dev",
 *   senderKey, // whsec_…
 *   name: "CRM_TOKEN",
 *   value,
 * });
 * ```
 */
export async function deliverSecret(options: DeliverSecretOptions): Promise<DeliveredSecret> {
  const sender = readSenderOptions(options);
  const { name, value } = options;
  const body = writeBody(name, value);
  const isSecret = findSecrets(sender.credential, value);
  checkId(options.id, isSecret);
  const { senderKey } = sender.credential;
  const derived = senderKey && (await deriveDeliveryId(senderKey, { name, value }));
  const id = options.id ?? derived;
  const { result, headers, attempts } = await persist(sender, {
    method: "POST",
    path: "/v1/convai/secrets",
    id,
    body,
    schema: storedAs(name, isSecret),
    maxAnswerBytes: MAX_ANSWER_BYTES,
    isSecret,
  });
  const replayed = headers.get("idempotent-replayed") === "true";
  return { ...result, id, replayed, attempts };
}

/** An answer that has what was sent for an id or a name is no answer; the name may hold the value. */
function storedAs(name: string, isSecret: (text: string) => boolean) {
  return v.pipe(
    StoredSecretSchema,
    v.check((stored) => !isSecret(stored.secret_id)),
    v.check((stored) => stored.name === name || !isSecret(stored.name)),
  );
}
