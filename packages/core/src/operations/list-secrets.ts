import * as v from "valibot";
import { containsSecret } from "../contains-secret.ts";
import type { Operation } from "../operation.ts";
import { parseErrorResponse } from "../parse-error-response.ts";
import { readJson } from "../read-json.ts";
import { type RequestOptions, runCall } from "../request-options.ts";
import { SecretsApiError } from "../secrets-api-error.ts";
import { type Answer, describeInterruption, send } from "../send.ts";
import { type StoredSecret, StoredSecretSchema } from "../stored-secret.ts";

/** An item of a listing that is not a secret as {@link StoredSecretSchema} describes it. */
export interface UnreadableSecret {
  /** Its name, if it has one. */
  readonly name: string | undefined;
}

/** The options of {@link listSecrets}. `timeoutMs` limits each page, `signal` the whole listing. */
export interface ListSecretsOptions extends RequestOptions {
  /** Only secrets whose names start with this text. Default: all. */
  readonly search?: string | undefined;
  /** Secrets per request, 1 to 100. Default 100. */
  readonly pageSize?: number | undefined;
  /** Called with each item that cannot be read. Default: such items are skipped. */
  readonly onUnreadable?: ((item: UnreadableSecret) => void) | undefined;
}

const OPERATION = {
  method: "GET",
  path: "/v1/convai/secrets",
  effect: "read",
} as const satisfies Operation;

const MAX_PAGE_SIZE = 100;

const PageSchema = v.object({
  secrets: v.array(v.unknown()),
  next_cursor: v.nullish(v.pipe(v.string(), v.maxLength(4096))),
  has_more: v.nullish(v.boolean()),
});

/** One page of the list. */
interface Page {
  readonly secrets: readonly StoredSecret[];
  readonly unreadable: readonly UnreadableSecret[];
  /** `undefined` on the last page. */
  readonly nextCursor: string | undefined;
}

/**
 * Lists the workspace's secrets. The next page is requested only when it is reached.
 *
 * @throws {SecretsApiError} while iterating; a listing that breaks off or repeats is an error
 * @throws {TypeError} while iterating, if an option breaks its rule
 * @example
 * ```ts
 * for await (const { name, secret_id } of listSecrets({ apiKey, search: "CRM_" })) …
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/list
 */
export async function* listSecrets(
  options: ListSecretsOptions,
): AsyncGenerator<StoredSecret, void, void> {
  const isRepeated = detectCycle();
  let cursor: string | undefined;
  do {
    const page = await readPage(options, cursor);
    for (const item of page.unreadable) options.onUnreadable?.(item);
    yield* page.secrets;
    cursor = page.nextCursor;
    if (cursor !== undefined && isRepeated(cursor)) throw failed();
  } while (cursor !== undefined);
}

/** Finds a cycle of cursors while it stores one cursor (Brent's algorithm). */
function detectCycle(): (cursor: string) => boolean {
  let stored: string | undefined;
  let steps = 0;
  let limit = 1;
  return (cursor) => {
    if (cursor === stored) return true;
    steps += 1;
    if (steps === limit) {
      stored = cursor;
      steps = 0;
      limit *= 2;
    }
    return false;
  };
}

async function readPage(options: ListSecretsOptions, cursor: string | undefined): Promise<Page> {
  const { search, pageSize = MAX_PAGE_SIZE } = options;
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
    throw new TypeError(`pageSize must be an integer from 1 to ${MAX_PAGE_SIZE}`);
  }
  const searchParams = {
    page_size: String(pageSize),
    // Who uses a secret is not read, and can be most of a page.
    dependency_limit: "1",
    ...(search === undefined ? {} : { search }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return runCall(OPERATION, options, async (call) => {
    const answer = await send(call, options, { searchParams });
    if (!answer.response.ok) throw await parseErrorResponse(answer, call);
    const body = await readJson(answer.response, PageSchema);
    if (body === undefined) throw describeInterruption(call, "not_applied", answer.response.status);
    const { has_more, next_cursor } = body;
    // A part of a list must not count as the whole list.
    if (has_more === true && !next_cursor) throw failed(answer.response.status);
    const nextCursor = has_more === false ? undefined : next_cursor || undefined;
    return { ...readItems(body.secrets, answer), nextCursor };
  });
}

function readItems(items: readonly unknown[], { sent }: Answer): Omit<Page, "nextCursor"> {
  const secrets: StoredSecret[] = [];
  const unreadable: UnreadableSecret[] = [];
  for (const item of items) {
    const result = v.safeParse(StoredSecretSchema, item);
    if (result.success && !containsSecret(result.output.secret_id, sent)) {
      secrets.push(result.output);
    } else {
      unreadable.push({ name: readName(item) });
    }
  }
  return { secrets, unreadable };
}

function readName(item: unknown): string | undefined {
  const { name } = Object(item) as { name?: unknown };
  return typeof name === "string" ? name : undefined;
}

function failed(status?: number): SecretsApiError {
  return new SecretsApiError("failed", { outcome: "not_applied", status });
}
