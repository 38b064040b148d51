import * as v from "valibot";
import { decodeText } from "../input/decode-text.ts";
import { printable } from "../output/printable.ts";
import type { FoundSecret } from "./found-secret.ts";

/** A kind of JSON document, and how to read it. */
export interface JsonFormat {
  /** What produces it, to be shown. */
  readonly description: string;
  /** Matches a document as a whole. */
  readonly schema: v.GenericSchema;
  /** Also accepts fields that a newer version of the producer may add. */
  readonly lenientSchema: v.GenericSchema;
  /** @param document one that matches */
  read(document: never): readonly FoundSecret[];
}

/** A value that is no string belongs to the format, and is rejected if it is selected. */
const scalarSchema = v.union([v.string(), v.number(), v.boolean(), v.null()]);
const flatSchema = v.pipe(
  v.record(v.string(), scalarSchema),
  v.check((document) => !("apiVersion" in document && "kind" in document)),
);
type Flat = v.InferOutput<typeof flatSchema>;

const pairEntries = { key: v.string(), value: scalarSchema };
const anything = v.optional(v.unknown());
const pairMetadata = Object.fromEntries(
  [
    ...["_id", "id", "Etag", "type", "workspace", "environment", "version", "secretPath", "tags"],
    ...["comment", "skipMultilineEncoding", "secretMetadata", "createdAt", "updatedAt"],
  ].map((field) => [field, anything]),
);

const vaultData = v.union([
  v.strictObject({ data: flatSchema, metadata: v.record(v.string(), v.unknown()) }),
  flatSchema,
]);
const vaultEntries = { request_id: v.string(), data: vaultData };
const vaultMetadata = Object.fromEntries(
  [
    ...["lease_id", "lease_duration", "renewable", "warnings", "wrap_info", "auth"],
    "mount_type",
  ].map((field) => [field, anything]),
);

const kubernetesEntries = {
  apiVersion: v.literal("v1"),
  kind: v.literal("Secret"),
  data: v.nullish(v.record(v.string(), v.string())),
  stringData: v.nullish(v.record(v.string(), v.string())),
};
const kubernetesMetadata = { metadata: anything, type: anything, immutable: anything };

/** The JSON formats by the name that `--format` has for them. */
export const JSON_FORMATS = {
  json: {
    description: "an object of names and values (doppler secrets download --format json)",
    schema: flatSchema,
    lenientSchema: flatSchema,
    read: (document: Flat) => readFlat(document),
  },
  infisical: {
    description: "an array of objects with key and value (infisical export --format=json)",
    schema: v.array(v.strictObject({ ...pairEntries, ...pairMetadata })),
    lenientSchema: v.array(v.object(pairEntries)),
    read: (document: readonly { key: string; value: unknown }[]) =>
      document.map(({ key, value }) => found(key, value)),
  },
  vault: {
    description: "the answer of Vault (vault kv get -format=json)",
    schema: v.strictObject({ ...vaultEntries, ...vaultMetadata }),
    lenientSchema: v.object(vaultEntries),
    read: ({ data }: { data: v.InferOutput<typeof vaultData> }) => readFlat(unwrap(data)),
  },
  kubernetes: {
    description: "a Kubernetes Secret (kubectl get secret NAME -o json)",
    schema: v.strictObject({ ...kubernetesEntries, ...kubernetesMetadata }),
    lenientSchema: v.object(kubernetesEntries),
    read: readKubernetes,
  },
} as const satisfies Record<string, JsonFormat>;

/** One of {@link JSON_FORMATS}. */
export type JsonFormatName = keyof typeof JSON_FORMATS;

function found(name: string, value: unknown, rules: readonly string[] = []): FoundSecret {
  return { name, value, origin: printable(name), rules };
}

function readFlat(document: Flat): FoundSecret[] {
  return Object.entries(document).map(([name, value]) => found(name, value));
}

/**
 * The second version of Vault's key-value engine wraps the secrets in `data.data`.
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
 */
function unwrap(data: v.InferOutput<typeof vaultData>): Flat {
  const { data: inner } = data;
  return typeof inner === "object" && inner !== null ? inner : (data as Flat);
}

/**
 * `data` is base64, and `stringData` takes precedence over it.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/
 */
function readKubernetes({
  data,
  stringData,
}: {
  readonly data?: Record<string, string> | null;
  readonly stringData?: Record<string, string> | null;
}): FoundSecret[] {
  const decoded = Object.entries(data ?? {})
    .filter(([name]) => !Object.hasOwn(stringData ?? {}, name))
    .map(([name, base64]) => decodeEntry(name, base64));
  return [...decoded, ...readFlat(stringData ?? {})];
}

function decodeEntry(name: string, base64: string): FoundSecret {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return found(name, "", ["value must be base64"]);
  const { text, rule } = decodeText(bytes);
  return text === undefined ? found(name, "", [`value ${rule}`]) : found(name, text);
}
