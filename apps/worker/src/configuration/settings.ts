import { API_KEY_PATTERN, describeIssues, type Issue } from "@convai-secrets/core/internal";
import * as v from "valibot";
import {
  BINDING_NAMES,
  type Bindings,
  BindingsSchema,
  DAY_MS,
  type ValidBindings,
} from "./bindings.ts";
import type { SecretSource } from "./secret-source.ts";

/** The part of the configuration that the ledger runs with. It does not need the senders. */
export interface Settings {
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
}

/** A set of bindings, checked. */
interface CheckedBindings {
  readonly bindings: Bindings;
  /** What is valid. */
  readonly valid: Partial<ValidBindings>;
  readonly issues: readonly Issue[];
  /** `undefined` if a binding is invalid. */
  readonly settings: Promise<Settings> | undefined;
}

let last: CheckedBindings | undefined;

/** Checks the bindings: once per isolate, because they do not change while it lives. */
export function checkBindings(bindings: Bindings): CheckedBindings {
  if (last !== undefined && BINDING_NAMES.every((name) => last?.bindings[name] === bindings[name]))
    return last;
  const result = v.safeParse(BindingsSchema, bindings);
  last = {
    bindings: Object.fromEntries(BINDING_NAMES.map((name) => [name, bindings[name]])),
    valid: result.output as Partial<ValidBindings>,
    issues: describeIssues(result.issues ?? []),
    settings: result.success ? importSettings(result.output) : undefined,
  };
  return last;
}

async function importSettings(bindings: ValidBindings): Promise<Settings> {
  return {
    apiKey: () => readApiKey(bindings.ELEVENLABS_API_KEY),
    baseUrl: bindings.ELEVENLABS_BASE_URL,
    host: new URL(bindings.ELEVENLABS_BASE_URL).host,
    retentionMs: bindings.LEDGER_RETENTION_DAYS * DAY_MS,
    reconcile: bindings.RECONCILE === "on",
    settleMs: bindings.SETTLE_SECONDS * 1000,
    ledgerKeys: await Promise.all(bindings.LEDGER_KEY.map(importLedgerKey)),
  };
}

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
