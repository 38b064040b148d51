import { StoredSecretSchema } from "@convai-secrets/core";
import {
  type DeliveryResult,
  type DryRun,
  DryRunSchema,
  HEADERS,
  PATHS,
  RESULTS,
} from "@convai-secrets/protocol";
import * as v from "valibot";
import type { Call } from "./attempt.ts";
import { DeliveryError } from "./delivery-error.ts";
import { deriveDeliveryId } from "./derive-delivery-id.ts";
import { type Success, sendWithRetry } from "./send-with-retry.ts";
import { readSenderOptions, type Sender, type SenderOptions } from "./sender-options.ts";
import { prepareDelivery } from "./validate-delivery.ts";

/** A secret to store, and how. */
export type DeliverSecretOptions = SenderOptions & {
  /** 1 to 255 characters; the sender's policy must allow it. */
  readonly name: string;
  /** Not empty; at most 64 KiB together with the name, as JSON. */
  readonly value: string;
  /**
   * The delivery's id, 1 to 255 visible ASCII characters without a dot: the same id is the same
   * delivery. Default: derived from the content, so that the same content is the same delivery; by
   * {@link deriveDeliveryId} with a signing secret, otherwise by the Worker.
   */
  readonly id?: string | undefined;
  /**
   * The secret whose value to replace. It must be one that the Worker manages under exactly this
   * name. Default: the name and the sender's policy decide.
   */
  readonly secretId?: string | undefined;
  /** `reject`: rejects an existing name, whatever the sender's policy. */
  readonly existing?: "reject" | undefined;
};

/** A secret that ElevenLabs has stored. */
export interface DeliveredSecret {
  readonly type: "stored";
  readonly secret_id: string;
  readonly name: string;
  /** `replayed`: an earlier request of the same delivery stored it. `undefined`: the answer's header is missing. */
  readonly result: DeliveryResult | undefined;
  /** The delivery's id; `undefined` if the Worker derived it. */
  readonly id: string | undefined;
  /** How many requests it took. */
  readonly attempts: number;
}

/** Longer than the longest genuine answer, which repeats the name. */
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Stores a secret through the Worker, as one delivery however often it is sent.
 *
 * Lost connections, timeouts, 408, 425, 429 and 5xx are retried with the same id, with backoff and
 * not before `retry-after`. Other answers are not retried. Calling it again with the same content is
 * safe.
 *
 * If the first attempt under a derived id is `superseded`, the caller returns to an older value on
 * purpose: the secret is sent again under a new id.
 *
 * @throws {DeliveryError} if the secret was not stored (`outcome: "not_applied"`) or may be stored
 * (`outcome: "unknown"`)
 * @throws {TypeError} if an option breaks a rule
 * @example
 * ```ts
 * const { secret_id, result } = await deliverSecret({
 *   url: "https://secrets.example.workers.dev",
 *   signingSecret, // whsec_…
 *   name: "CRM_TOKEN",
 *   value,
 * });
 * ```
 */
export async function deliverSecret(options: DeliverSecretOptions): Promise<DeliveredSecret> {
  const sender = readSenderOptions(options);
  const call = await prepareCall(sender, options, storedAs(options.name, sender));
  const { id, success } = await sendOrReturnToOldValue(sender, call, options.id === undefined);
  const { result: stored, headers, attempts } = success;
  const header = headers.get(HEADERS.result);
  const result = RESULTS.find((one) => one === header);
  return { ...stored, result, id, attempts };
}

/**
 * Asks the Worker what {@link deliverSecret} would do with the same options, and writes nothing.
 *
 * @throws {DeliveryError} the problem that a real delivery would get now
 * @throws {TypeError} if an option breaks a rule
 */
export async function dryRunDelivery(options: DeliverSecretOptions): Promise<DryRun> {
  const sender = readSenderOptions(options);
  const call = await prepareCall(sender, options, DryRunSchema);
  const headers = { ...call.headers, [HEADERS.dryRun]: "true" };
  const { success } = await sendOrReturnToOldValue(
    sender,
    { ...call, headers },
    options.id === undefined,
  );
  return success.result;
}

async function prepareCall<Result>(
  sender: Sender,
  { id, name, value, secretId, existing }: DeliverSecretOptions,
  schema: v.GenericSchema<unknown, Result>,
): Promise<Call<Result>> {
  if (existing !== undefined && existing !== "reject") {
    throw new TypeError('existing must be "reject"');
  }
  if (typeof value === "string") sender.secrets.add(value);
  const content = { name, value, secretId };
  const body = prepareDelivery({ ...content, id }, sender.secrets);
  const { signingSecret } = sender.credential;
  const derived = signingSecret && (await deriveDeliveryId(signingSecret, content));
  return {
    method: secretId === undefined ? "POST" : "PATCH",
    path: secretId === undefined ? PATHS.secrets : PATHS.secret.replace("{secret_id}", secretId),
    id: id ?? derived,
    headers: existing === undefined ? {} : { [HEADERS.existing]: existing },
    body,
    schema,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  };
}

async function sendOrReturnToOldValue<Result>(
  sender: Sender,
  call: Call<Result>,
  isDerived: boolean,
): Promise<{ readonly id: string | undefined; readonly success: Success<Result> }> {
  try {
    return { id: call.id, success: await sendWithRetry(sender, call) };
  } catch (error) {
    const isReturn =
      isDerived &&
      error instanceof DeliveryError &&
      error.code === "superseded" &&
      error.attempts === 1;
    if (!isReturn) throw error;
    const id = `msg_${crypto.randomUUID()}`;
    const success = await sendWithRetry(sender, { ...call, id });
    return { id, success: { ...success, attempts: success.attempts + 1 } };
  }
}

/** Responses that echo what was sent as id or name are rejected; the name itself may contain it. */
function storedAs(name: string, { secrets }: Sender) {
  return v.pipe(
    StoredSecretSchema,
    v.check((stored) => !secrets.contains(stored.secret_id)),
    v.check((stored) => stored.name === name || !secrets.contains(stored.name)),
  );
}
