import {
  createSecret,
  type RequestOptions,
  SecretsApiError,
  type StoredSecret,
  updateSecret,
} from "@convai-secrets/core";
import { listNamed } from "./list-named.ts";
import type { CallEnd, CallOptions, Upstream } from "./upstream.ts";
import { describeFailure, type UpstreamAddress } from "./upstream-failure.ts";

/** The ElevenLabs API as the ledger's upstream. */
export function createUpstream(address: UpstreamAddress): Upstream {
  return {
    create: (secret, options) =>
      call(options, (request) =>
        createSecret({ type: "new", ...secret }, { ...address, ...request }),
      ),
    update: (secretId, secret, options) =>
      call(options, (request) =>
        updateSecret(secretId, { type: "update", ...secret }, { ...address, ...request }),
      ),
    list: (name, options) => listNamed(name, options, address),
  };
}

async function call(
  { timeoutMs, beforeLeaving }: CallOptions,
  send: (options: Pick<RequestOptions, "timeoutMs" | "fetch">) => Promise<StoredSecret>,
): Promise<CallEnd> {
  const fetchInTime: typeof fetch = async (input, init) => {
    await beforeLeaving();
    init?.signal?.throwIfAborted();
    return fetch(input, init);
  };
  try {
    return { kind: "answered", secret: await send({ timeoutMs, fetch: fetchInTime }) };
  } catch (error) {
    if (!(error instanceof SecretsApiError)) throw error;
    return { kind: "failed", failure: describeFailure(error) };
  }
}
