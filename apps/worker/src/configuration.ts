import { waitUntil } from "cloudflare:workers";
import { describeIssues, type Issue } from "@convai-secrets/core/internal";
import * as v from "valibot";
import { type AccessVerifier, createAccessVerifier } from "./auth/access-assertion.ts";
import type { OidcDependencies } from "./auth/oidc-verifier.ts";
import {
  API_KEY_PATTERN,
  BINDING_NAMES,
  type Bindings,
  BindingsSchema,
  DAY_MS,
  type ValidBindings,
} from "./configuration/bindings.ts";
import type { SecretSource } from "./configuration/secret-source.ts";
import { type LoadedSenders, SendersLoader } from "./configuration/senders.ts";
import { logKeyLoad } from "./log.ts";

/** The configuration, valid: what the rest of the Worker relies on. */
export interface Configuration extends LoadedSenders {
  /**
   * Reads the API key.
   *
   * @throws if the Secrets Store does not give a usable one
   */
  readonly apiKey: () => Promise<string>;
  /** The origin of the workspace's host. */
  readonly baseUrl: string;
  /** The workspace's host, with its port unless that is the default. */
  readonly host: string;
  readonly retentionMs: number;
  readonly reconcile: boolean;
  readonly settleMs: number;
  /** HMAC-SHA-256 keys for fingerprints, newer first. */
  readonly ledgerKeys: readonly CryptoKey[];
  /** Verifies the operator's Access assertions; `undefined` if there is no operator page. */
  readonly access: AccessVerifier | undefined;
}

/** A configuration, or what is wrong with it: paths and rules, never a value. */
export type LoadedConfiguration =
  | { readonly configuration: Configuration; readonly issues?: never }
  | { readonly configuration?: never; readonly issues: readonly Issue[] };

type Settings = Omit<Configuration, keyof LoadedSenders>;

/** What is loaded once for a set of bindings. */
interface Loader {
  readonly bindings: Bindings;
  readonly issues: readonly Issue[];
  readonly settings: Promise<Settings> | undefined;
  readonly senders: SendersLoader | undefined;
}

let last: Loader | undefined;

/**
 * Loads the configuration: once per isolate, because bindings do not change while it lives, except
 * for senders in a Secrets Store.
 *
 * @param now the time in milliseconds since the epoch
 */
export async function loadConfiguration(
  bindings: Bindings,
  now = Date.now(),
): Promise<LoadedConfiguration> {
  if (last === undefined || BINDING_NAMES.some((name) => last?.bindings[name] !== bindings[name])) {
    last = startLoader(bindings);
  }
  const loader = last;
  const [settings, senders] = await Promise.all([loader.settings, loader.senders?.load(now)]);
  if (settings === undefined || senders?.loaded === undefined) {
    return { issues: [...loader.issues, ...(senders?.issues ?? [])] };
  }
  return { configuration: { ...settings, ...senders.loaded } };
}

function startLoader(bindings: Bindings): Loader {
  const result = v.safeParse(BindingsSchema, bindings);
  // The senders are checked even if another binding is invalid, so that all issues show at once.
  const { SENDERS } = result.output as Partial<ValidBindings>;
  return {
    bindings: Object.fromEntries(BINDING_NAMES.map((name) => [name, bindings[name]])),
    issues: describeIssues(result.issues ?? []),
    settings: result.success ? importSettings(result.output) : undefined,
    senders: SENDERS?.read && new SendersLoader(SENDERS, DEPENDENCIES),
  };
}

async function importSettings(bindings: ValidBindings): Promise<Settings> {
  const { OPERATOR_ACCESS: access } = bindings;
  return {
    apiKey: () => readApiKey(bindings.ELEVENLABS_API_KEY),
    baseUrl: bindings.ELEVENLABS_BASE_URL,
    host: new URL(bindings.ELEVENLABS_BASE_URL).host,
    retentionMs: bindings.LEDGER_RETENTION_DAYS * DAY_MS,
    reconcile: bindings.RECONCILE === "on",
    settleMs: bindings.SETTLE_SECONDS * 1000,
    ledgerKeys: await Promise.all(bindings.LEDGER_KEY.map(importLedgerKey)),
    access: access && createAccessVerifier({ ...access, ...DEPENDENCIES }),
  };
}

const DEPENDENCIES: OidcDependencies = {
  fetch: (url, init) => fetch(url, init),
  waitUntil,
  onLoad: logKeyLoad,
};

async function readApiKey(source: SecretSource): Promise<string> {
  const key = await source.read();
  if (typeof key === "string" && API_KEY_PATTERN.test(key)) return key;
  throw new TypeError("The Secrets Store gave no usable API key");
}

function importLedgerKey(key: string): Promise<CryptoKey> {
  const bytes = Uint8Array.fromBase64(key.slice("lk_".length), { alphabet: "base64url" });
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
}
