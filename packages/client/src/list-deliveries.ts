import * as v from "valibot";
import { DeliveryError } from "./delivery-error.ts";
import { findSecrets } from "./find-secrets.ts";
import { persist } from "./persist.ts";
import { checkWholeNumber, readSenderOptions, type SenderOptions } from "./sender-options.ts";

/** The options of {@link listDeliveries}. `timeoutMs` limits each request, `signal` the whole. */
export type ListDeliveriesOptions = SenderOptions & {
  /** How many deliveries at most, the newest. Default: all. */
  readonly limit?: number | undefined;
};

const DeliverySchema = v.object({
  /** Derived by the Worker, it is not the sender's own. */
  id: v.string(),
  name: v.string(),
  /** `refused`: ElevenLabs refused it; `unknown`: nobody can tell yet. */
  state: v.picklist(["pending", "unknown", "stored", "refused"]),
  secret_id: v.nullable(v.string()),
  /** ISO 8601. */
  created_at: v.string(),
  last_seen_at: v.string(),
  /** How often it was sent to ElevenLabs. */
  attempts: v.number(),
});

/** A delivery as the Worker's ledger has it. */
export type Delivery = Readonly<v.InferOutput<typeof DeliverySchema>>;

const PageSchema = v.object({
  deliveries: v.array(DeliverySchema),
  next: v.nullable(v.pipe(v.string(), v.regex(/^[1-9]\d{0,15}$/))),
});
type Page = v.InferOutput<typeof PageSchema>;

const MAX_PAGE_SIZE = 100;

/** A page of the longest names: each fills a request of 64 KiB. */
const MAX_PAGE_BYTES = MAX_PAGE_SIZE * 128 * 1024;

/**
 * Lists what this sender delivered, newest first, asking for the next page only when it is read.
 *
 * @throws {DeliveryError} while iterating; never a shorter list. Its `outcome` is `not_created`
 * @throws {TypeError} while iterating, if an option is unusable
 * @example
 * ```ts
 * for await (const { name, state, secret_id } of listDeliveries({ url, token, limit: 20 })) …
 * ```
 */
export async function* listDeliveries(
  options: ListDeliveriesOptions,
): AsyncGenerator<Delivery, void, void> {
  const { limit } = options;
  if (limit !== undefined) checkWholeNumber("limit", limit, Number.MAX_SAFE_INTEGER);
  let left = limit ?? Number.POSITIVE_INFINITY;
  let before: number | undefined;
  do {
    const page: Page = await readPage(options, Math.min(left, MAX_PAGE_SIZE), before);
    yield* page.deliveries.slice(0, left);
    left -= page.deliveries.length;
    before = nextPage(page, before);
  } while (left > 0 && before !== undefined);
}

/** Pages go back in time, so a list that goes in circles is seen at its first turn. */
function nextPage({ next }: Page, before = Number.POSITIVE_INFINITY): number | undefined {
  if (next === null) return undefined;
  if (Number(next) < before) return Number(next);
  throw new DeliveryError("unreadable_answer", {
    outcome: "not_created",
    retryable: false,
    status: 200,
    attempts: 1,
  });
}

async function readPage(
  options: SenderOptions,
  limit: number,
  before: number | undefined,
): Promise<Page> {
  const sender = readSenderOptions(options);
  const query = before === undefined ? `limit=${limit}` : `limit=${limit}&before=${before}`;
  const { result } = await persist(sender, {
    method: "GET",
    path: `/v1/deliveries?${query}`,
    body: "",
    schema: PageSchema,
    maxAnswerBytes: MAX_PAGE_BYTES,
    isSecret: findSecrets(sender.credential),
  });
  return result;
}
