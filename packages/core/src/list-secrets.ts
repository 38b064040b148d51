import * as v from "valibot";
import { holdsSecret } from "./holds-secret.ts";
import { readJson } from "./read-json.ts";
import { readRefusal } from "./read-refusal.ts";
import { type Call, type RequestOptions, runCall } from "./request-options.ts";
import { SecretsApiError } from "./secrets-api-error.ts";
import { type Answer, interruption, send } from "./send.ts";
import { type StoredSecret, StoredSecretSchema } from "./stored-secret.ts";

/** The options of {@link listSecrets}. `timeoutMs` limits each page, `signal` the whole. */
export interface ListSecretsOptions extends RequestOptions {
  /** Only secrets whose name starts with this. Default: all. */
  readonly search?: string | undefined;
  /** Secrets per request, 1 to 100. Default 100. */
  readonly pageSize?: number | undefined;
}

const PageSchema = v.object({
  secrets: v.array(StoredSecretSchema),
  next_cursor: v.nullish(v.string()),
  has_more: v.nullish(v.boolean()),
});
type Page = v.InferOutput<typeof PageSchema>;

const MAX_PAGE_SIZE = 100;

/**
 * Lists the workspace's secrets, asking for the next page only when it is read.
 *
 * @throws {SecretsApiError} while iterating
 * @throws {TypeError} while iterating, if an option is unusable
 * @example
 * ```ts
 * for await (const { name, secret_id } of listSecrets({ apiKey, search: "CRM_" })) …
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/list
 */
export async function* listSecrets(
  options: ListSecretsOptions,
): AsyncGenerator<StoredSecret, void, void> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(options, cursor);
    yield* page.secrets;
    cursor = nextCursor(page);
    // An upstream that gives the same pages for ever must not keep the caller for ever.
    if (cursor !== undefined && cursors.has(cursor)) throw failed();
    if (cursor !== undefined) cursors.add(cursor);
  } while (cursor !== undefined);
}

function nextCursor({ has_more, next_cursor }: Page): string | undefined {
  if (has_more === false) return undefined;
  // Part of a list must not pass for the whole: what is not on it would seem not to exist.
  if (has_more === true && !next_cursor) throw failed();
  return next_cursor || undefined;
}

async function readPage(options: ListSecretsOptions, cursor: string | undefined): Promise<Page> {
  const { search, pageSize = MAX_PAGE_SIZE } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
    throw new TypeError(`pageSize must be an integer from 1 to ${MAX_PAGE_SIZE}`);
  }
  const searchParams = {
    page_size: String(pageSize),
    ...(search === undefined ? {} : { search }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return runCall(options, async (call) => {
    const answer = await send(call, options, { method: "GET", searchParams });
    return readListSecretsResponse(answer, call);
  });
}

/** Reads one page of "List secrets". */
async function readListSecretsResponse(answer: Answer, call: Call): Promise<Page> {
  const { response, sent } = answer;
  if (!response.ok) throw await readRefusal(answer, "not_created");
  const page = await readJson(response, PageSchema);
  // An id is kept by whoever settles outcomes with it, and the key must not be.
  const isUsable = page?.secrets.every(({ secret_id }) => !holdsSecret(secret_id, sent));
  if (page === undefined || !isUsable) throw interruption(call, "not_created", response.status);
  return page;
}

function failed(): SecretsApiError {
  return new SecretsApiError("failed", { outcome: "not_created" });
}
