import { listSecrets, SecretsApiError } from "@convai-secrets/core";
import type { UpstreamFailure } from "./delivery-outcome.ts";
import { isSimilarName, type ListedSecret, type Listing, type ListOptions } from "./upstream.ts";
import { describeFailure, type UpstreamAddress } from "./upstream-failure.ts";

/**
 * Lists the secrets that have a name, and those whose names are similar. The upstream's search finds
 * names that start with a text, so every page is read, and names are compared here.
 */
export async function listNamed(
  name: string,
  { timeoutMs, similar }: ListOptions,
  address: UpstreamAddress,
): Promise<Listing> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const found = new Map<string, ListedSecret>();
  let unreadable = false;
  try {
    const searches = similar ? findSearches(name) : [name];
    const list = async (search: string) => {
      const onUnreadable = (item: { readonly name: string | undefined }) => {
        unreadable ||= item.name !== undefined && isSimilarName(item.name, name);
      };
      const options = { ...address, search, signal: limit.signal, onUnreadable };
      for await (const secret of listSecrets(options)) {
        if (!isSimilarName(secret.name, name)) continue;
        found.set(secret.secret_id, { secretId: secret.secret_id, name: secret.name });
      }
    };
    await Promise.all(searches.map(list));
    const secrets = [...found.values()];
    return {
      kind: "listed",
      ids: secrets.filter((secret) => secret.name === name).map(({ secretId }) => secretId),
      similar: secrets.filter((secret) => secret.name !== name),
      unreadable,
    };
  } catch (error) {
    limit.abort();
    if (!(error instanceof SecretsApiError)) throw error;
    const kind = isPermanent(error) ? "impossible" : "failed";
    return { kind, failure: describeListFailure(error) };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A connection that gave no response proves that nothing can be sent now: the write that the listing
 * comes before has not been sent. Some runtimes do not say why a connection failed.
 */
function describeListFailure(error: SecretsApiError): UpstreamFailure {
  const failure = describeFailure(error);
  const isLost = failure.code === "failed" && failure.status === undefined;
  return isLost ? { ...failure, code: "unreachable" } : failure;
}

/** The key lacks the permission, or the API rejects the search: a later listing fails as well. */
function isPermanent({ code, upstreamCode }: SecretsApiError): boolean {
  return (
    (code === "api_key_refused" && upstreamCode === "missing_permissions") || code === "rejected"
  );
}

/**
 * What to search for, so that similar names are found: the part of the name that white space and
 * normalisation leave alone, in each case that an upstream could store it in.
 */
function findSearches(name: string): string[] {
  const stable = /^[\x21-\x7e]*/.exec(name)?.[0] ?? "";
  const [first = ""] = name;
  const start = stable === "" ? first : stable;
  const lower = start.toLowerCase();
  const title = start.charAt(0).toUpperCase() + lower.slice(1);
  const forms = [start, lower, start.toUpperCase(), title];
  const normal =
    stable === "" ? forms.flatMap((form) => [form.normalize("NFKC"), form.normalize("NFD")]) : [];
  return [...new Set([...forms, ...normal])];
}
