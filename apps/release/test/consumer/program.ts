import {
  type DeliveredSecret,
  DeliveryError,
  deliverSecret,
  listDeliveries,
} from "@convai-secrets/client";
import {
  createSecret,
  listSecrets,
  SecretsApiError,
  type StoredSecret,
} from "@convai-secrets/core";
import { matchesPattern, parseSenders, type Sender } from "@convai-secrets/protocol";

/** The addresses and credentials that the program uses. */
export interface Setting {
  readonly upstream: string;
  readonly apiKey: string;
  readonly worker: string;
  readonly token: string;
}

/** Uses each package from typed code. */
export async function run({ upstream, apiKey, worker, token }: Setting) {
  const options = { baseUrl: upstream, apiKey };
  const request = { type: "new", name: "DIRECT", value: "value" } as const;
  const created: StoredSecret = await createSecret(request, options);
  const delivered: DeliveredSecret = await deliverSecret({
    url: worker,
    token,
    name: "DELIVERED",
    value: "value",
  });

  const names: string[] = [];
  for await (const secret of listSecrets(options)) names.push(secret.name);
  const states: string[] = [];
  for await (const { state } of listDeliveries({ url: worker, token })) states.push(state);

  const wrong = { ...request, name: "" };
  const rejected = await createSecret(wrong, options).catch((error: unknown) =>
    error instanceof SecretsApiError ? error.code : "other",
  );
  const undelivered = await deliverSecret({ url: worker, token, name: "A", value: "" }).catch(
    (error: unknown) => (error instanceof DeliveryError ? error.code : "other"),
  );
  const { senders = [] }: { senders?: Sender[] } = parseSenders("[]");
  return {
    created: created.name,
    delivered: delivered.name,
    names: names.sort(),
    states,
    rejected,
    undelivered,
    senders: senders.length,
    matches: matchesPattern("VAULT_DB", "VAULT_*"),
  };
}

/** Never called. None of this compiles. */
export function misuse({ worker, token }: Setting) {
  return [
    // @ts-expect-error the type is "new"
    () => createSecret({ type: "old", name: "A", value: "b" }, { apiKey: "key" }),
    // @ts-expect-error the API key is required
    () => createSecret({ type: "new", name: "A", value: "b" }, {}),
    // @ts-expect-error a signing secret and a token exclude each other
    () => deliverSecret({ url: worker, token, signingSecret: "whsec_", name: "A", value: "b" }),
    // @ts-expect-error a credential is required
    () => deliverSecret({ url: worker, name: "A", value: "b" }),
  ];
}
