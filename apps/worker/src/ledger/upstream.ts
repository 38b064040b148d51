import type { StoredSecret } from "@convai-secrets/core";
import type { UpstreamFailure } from "./delivery-outcome.ts";

/** The upstream as the ledger uses it. The simulator passes in its own. */
export interface Upstream {
  /** Makes one call that can create a secret. */
  create(secret: SecretContent, options: CallOptions): Promise<CallEnd>;
  /** Makes one call that can replace the value of a secret. */
  update(secretId: string, secret: SecretContent, options: CallOptions): Promise<CallEnd>;
  /** Lists the secrets that have this name or a similar one. */
  list(name: string, options: ListOptions): Promise<Listing>;
}

export interface SecretContent {
  readonly name: string;
  readonly value: string;
}

export interface CallOptions {
  /** Time limit of the call in milliseconds. */
  readonly timeoutMs: number;
  /** To be awaited right before the request leaves. Rejects if it must not leave any more. */
  readonly beforeLeaving: () => Promise<void>;
}

export interface ListOptions {
  readonly timeoutMs: number;
  /** Whether to search for names that differ in case, too; the plain search matches prefixes. */
  readonly similar: boolean;
}

/** How a call ended. */
export type CallEnd =
  | { readonly kind: "answered"; readonly secret: StoredSecret }
  | { readonly kind: "failed"; readonly failure: UpstreamFailure };

/** What listing a name gave. */
export type Listing =
  | {
      readonly kind: "listed";
      /** The ids of the secrets that have exactly this name. */
      readonly ids: readonly string[];
      /** The secrets whose name differs only in case, white space or normalisation. */
      readonly similar: readonly ListedSecret[];
      /** Whether an item has this name or a similar one, but no usable id. */
      readonly unreadable: boolean;
    }
  /** `impossible`: a later listing fails as well. `failed`: a later one may succeed. */
  | { readonly kind: "impossible" | "failed"; readonly failure: UpstreamFailure };

export interface ListedSecret {
  readonly secretId: string;
  readonly name: string;
}

/** Whether two names are equal but for case, white space and normalisation. */
export function isSimilarName(one: string, other: string): boolean {
  return fold(one) === fold(other);
}

function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC").replaceAll(/\s+/g, "");
}
