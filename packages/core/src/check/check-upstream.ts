import { DEFAULT_BASE_URL } from "../base-url.ts";
import { listSecrets } from "../operations/list-secrets.ts";
import { updateSecret } from "../operations/update-secret.ts";
import type { RequestOptions } from "../request-options.ts";
import { SecretsApiError } from "../secrets-api-error.ts";
import type { CheckedCall, CheckLine } from "./check-line.ts";
import { describeClock } from "./describe-clock.ts";
import { describePermission } from "./describe-permission.ts";
import { describeRegion } from "./describe-region.ts";

/**
 * Checks the API key, its permissions, the region and the clock against the upstream. It lists one
 * secret, and updates a secret with a random id: 404 means that the key may write. It creates and
 * changes nothing.
 *
 * @returns one line per part; an inconclusive answer is `unclear`
 * @throws {TypeError} if `baseUrl` or `timeoutMs` breaks its rule
 * @example
 * ```ts
 * for (const { subject, status, message } of await checkUpstream({ apiKey })) …
 * ```
 * @see https://elevenlabs.io/docs/api-reference/workspace/secrets/update
 */
export async function checkUpstream(options: RequestOptions): Promise<readonly CheckLine[]> {
  let offsetMs: number | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await (options.fetch ?? globalThis.fetch)(input, init);
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) offsetMs = Date.now() - date;
    return response;
  };
  const [read, write] = await Promise.all([
    catchApiError(listOne({ ...options, fetch })),
    catchApiError(updateUnknownSecret({ ...options, fetch })),
  ]);
  return [
    describePermission("read", read),
    describePermission("write", write),
    describeRegion(options.baseUrl ?? DEFAULT_BASE_URL, [read, write]),
    describeClock(offsetMs),
  ];
}

async function listOne(options: RequestOptions): Promise<void> {
  for await (const _ of listSecrets({ ...options, pageSize: 1 })) return;
}

async function updateUnknownSecret(options: RequestOptions): Promise<void> {
  const id = crypto.randomUUID().replaceAll("-", "");
  const value = crypto.randomUUID();
  await updateSecret(id, { type: "update", name: "convai-secrets check", value }, options);
}

async function catchApiError(call: Promise<void>): Promise<CheckedCall> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof SecretsApiError) return error;
    throw error;
  }
}
