import type { Issue } from "@convai-secrets/core/internal";
import { MAX_STORE_SECRET_BYTES, parseSenders } from "@convai-secrets/protocol";
import { type AuthenticSender, importSender } from "../auth/authentic-sender.ts";
import {
  createOidcVerifier,
  type OidcDependencies,
  type OidcVerifier,
} from "../auth/oidc-verifier.ts";
import type { SecretSource } from "./secret-source.ts";

/** The senders, ready to authenticate requests. */
export interface LoadedSenders {
  readonly senders: readonly AuthenticSender[];
  /** Verifies the OIDC tokens of all senders. It owns the issuers' keys. */
  readonly oidc: OidcVerifier;
}

/** The senders, or what is wrong with the binding. */
export type SendersResult =
  | { readonly loaded: LoadedSenders; readonly issues?: never }
  | { readonly loaded?: never; readonly issues: readonly Issue[] };

/** How long senders from a Secrets Store are used before the store is read again, in milliseconds. */
const SENDERS_AGE_MS = 60_000;

/** How long after a failed read the store is read again, in milliseconds. */
const RETRY_MS = 5_000;

/**
 * Loads the senders and keeps them. From a Secrets Store they are read again once a minute, and
 * imported again only if the text has changed. If the store fails, the last ones stay valid.
 *
 * Requests share results and never a read, which would end with the request that began it.
 */
export class SendersLoader {
  readonly #source: SecretSource;
  readonly #dependencies: OidcDependencies;
  #current: { readonly text: unknown; readonly result: SendersResult } | undefined;
  #readAgainAt = 0;

  constructor(source: SecretSource, dependencies: OidcDependencies) {
    this.#source = source;
    this.#dependencies = dependencies;
  }

  /** @param now the time in milliseconds since the epoch */
  async load(now: number): Promise<SendersResult> {
    const isCurrent = !this.#source.changes || now < this.#readAgainAt;
    if (this.#current !== undefined && isCurrent) return this.#current.result;
    // Other requests use the current senders while this one reads.
    this.#readAgainAt = now + SENDERS_AGE_MS;
    try {
      const text = await this.#source.read();
      if (this.#current?.text !== text) {
        this.#current = { text, result: await importSenders(text, this.#dependencies) };
      }
    } catch {
      this.#readAgainAt = now + RETRY_MS;
    }
    return this.#current?.result ?? issue("cannot be read from the Secrets Store");
  }
}

async function importSenders(
  text: unknown,
  dependencies: OidcDependencies,
): Promise<SendersResult> {
  if (typeof text !== "string") return issue("must be a JSON text");
  if (new TextEncoder().encode(text).length > MAX_STORE_SECRET_BYTES) {
    return issue(`must not exceed ${MAX_STORE_SECRET_BYTES} bytes`);
  }
  const { senders, issues } = parseSenders(text);
  if (senders === undefined) {
    return {
      issues: issues.map(({ path, rule }) => ({
        path: path === "" ? "SENDERS" : `SENDERS.${path}`,
        rule,
      })),
    };
  }
  return {
    loaded: {
      senders: await Promise.all(senders.map(importSender)),
      oidc: createOidcVerifier(senders, dependencies),
    },
  };
}

function issue(rule: string): SendersResult {
  return { issues: [{ path: "SENDERS", rule }] };
}
