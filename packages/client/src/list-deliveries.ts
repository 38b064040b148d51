import {
  type DeliveriesPage,
  DeliveriesPageSchema,
  type DeliverySummary,
  MAX_BODY_BYTES,
  MAX_PAGE_SIZE,
  PATHS,
} from "@convai-secrets/protocol";
import { clientFailure } from "./client-failures.ts";
import { DeliveryError } from "./delivery-error.ts";
import { sendWithRetry } from "./send-with-retry.ts";
import {
  checkWholeNumber,
  readSenderOptions,
  type Sender,
  type SenderOptions,
} from "./sender-options.ts";

/** The options of {@link listDeliveries}. `timeoutMs` limits each request, `signal` the whole list. */
export type ListDeliveriesOptions = SenderOptions & {
  /** The most deliveries, newest first. Default: all. */
  readonly limit?: number | undefined;
};

/** Every name could fill a request, and JSON can double its length. */
const MAX_PAGE_BYTES = MAX_PAGE_SIZE * 2 * MAX_BODY_BYTES;

/**
 * Lists this sender's deliveries, newest first. Each page is requested when it is reached.
 *
 * @throws {DeliveryError} while iterating, if a page cannot be read; the list is never just shorter
 * @throws {TypeError} while iterating, if an option breaks a rule
 * @example
 * ```ts
 * for await (const { name, state, secret_id } of listDeliveries({ url, token, limit: 20 })) …
 * ```
 */
export async function* listDeliveries(
  options: ListDeliveriesOptions,
): AsyncGenerator<DeliverySummary, void, void> {
  const { limit } = options;
  if (limit !== undefined) checkWholeNumber("limit", limit, Number.MAX_SAFE_INTEGER);
  const sender = readSenderOptions(options);
  let left = limit ?? Number.POSITIVE_INFINITY;
  let before: number | undefined;
  do {
    const page: DeliveriesPage = await readPage(sender, Math.min(left, MAX_PAGE_SIZE), before);
    yield* page.deliveries.slice(0, left);
    left -= page.deliveries.length;
    before = nextPage(page, before);
  } while (left > 0 && before !== undefined);
}

/** Pages go back in time, so a list that repeats itself is found at once. */
function nextPage({ next }: DeliveriesPage, before = Number.POSITIVE_INFINITY): number | undefined {
  if (next === null) return undefined;
  if (Number(next) < before) return Number(next);
  const failure = clientFailure("unreadable_answer", 200);
  throw new DeliveryError(failure.code, { ...failure, outcome: "not_applied", attempts: 1 });
}

async function readPage(
  sender: Sender,
  limit: number,
  before: number | undefined,
): Promise<DeliveriesPage> {
  const query = before === undefined ? `limit=${limit}` : `limit=${limit}&before=${before}`;
  const { result } = await sendWithRetry(sender, {
    method: "GET",
    path: `${PATHS.deliveries}?${query}`,
    body: "",
    schema: DeliveriesPageSchema,
    maxAnswerBytes: MAX_PAGE_BYTES,
  });
  return result;
}
