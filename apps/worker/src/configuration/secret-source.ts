import * as v from "valibot";
import { withTimeLimit } from "../request/time-limit.ts";

/** A secret that is read when it is needed, because the Secrets Store can change it at any time. */
export interface SecretSource {
  /**
   * Reads the secret.
   *
   * @throws if the store has no such secret, fails, or does not answer within MAX_READ_MS
   */
  read(): Promise<unknown>;
  /** Whether the secret can change while the isolate lives. */
  readonly changes: boolean;
}

/** The limit for one read, in milliseconds, so that a delivery still ends before callers hang up. */
const MAX_READ_MS = 1_000;

/** A Secrets Store binding. */
export interface SecretsStoreBinding {
  get(): Promise<string>;
}

const SecretsStoreBindingSchema = v.custom<SecretsStoreBinding>(
  (binding) =>
    typeof binding === "object" &&
    binding !== null &&
    "get" in binding &&
    typeof binding.get === "function",
);

/**
 * Validates a binding that is a Worker secret or a Secrets Store secret.
 *
 * @param pattern what the text of a Worker secret must match
 * @param rule the message for anything else
 * @see https://developers.cloudflare.com/secrets-store/integrations/workers/
 */
export const secretSourceSchema = (pattern: RegExp, rule: string) =>
  v.union(
    [
      v.pipe(v.string(), v.regex(pattern), v.transform(fromText)),
      v.pipe(SecretsStoreBindingSchema, v.transform(fromStore)),
    ],
    rule,
  );

function fromText(text: string): SecretSource {
  return { changes: false, read: async () => text };
}

function fromStore(store: SecretsStoreBinding): SecretSource {
  const tooSlow = () => new Error("The Secrets Store did not answer in time");
  // Requests do not share a read: it would end with the request that began it.
  return { changes: true, read: () => withTimeLimit(readStore(store), MAX_READ_MS, tooSlow) };
}

/** A promise also if the store throws at once. */
async function readStore(store: SecretsStoreBinding): Promise<unknown> {
  return store.get();
}
