import {
  type DeliveredSecret,
  type Delivery,
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

/** Where the program of somebody who installed the packages finds what it talks to. */
export interface Setting {
  readonly upstream: string;
  readonly apiKey: string;
  readonly worker: string;
  readonly token: string;
}

/** Uses each package once, from typed code. */
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
  const deliveries: Delivery[] = [];
  for await (const delivery of listDeliveries({ url: worker, token })) deliveries.push(delivery);

  const wrong = { ...request, name: "" };
  const refused = await createSecret(wrong, options).catch((error: unknown) =>
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
    states: deliveries.map(({ state }) => state),
    refused,
    undelivered,
    senders: senders.length,
    matches: matchesPattern("VAULT_DB", "VAULT_*"),
  };
}

/** Never called: what must not compile. */
export function misuse({ worker, token }: Setting) {
  return [
    // @ts-expect-error the type is "new"
    () => createSecret({ type: "old", name: "A", value: "b" }, { apiKey: "key" }),
    // @ts-expect-error there is no call without a key
    () => createSecret({ type: "new", name: "A", value: "b" }, {}),
    // @ts-expect-error signed or with a token, never both
    () => deliverSecret({ url: worker, token, signingSecret: "whsec_", name: "A", value: "b" }),
    // @ts-expect-error nor neither
    () => deliverSecret({ url: worker, name: "A", value: "b" }),
  ];
}
