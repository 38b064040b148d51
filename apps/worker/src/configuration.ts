import { BaseUrlSchema, describeIssues, type Issue } from "@convai-secrets/core";
import { parseSenders } from "@convai-secrets/protocol";
import * as v from "valibot";
import { type AuthenticSender, importSender } from "./auth/authentic-sender.ts";
import { withTimeLimit } from "./request/time-limit.ts";

/** The bindings, checked: what the rest of the Worker relies on. */
export interface Configuration {
  readonly apiKey: () => Promise<string>;
  readonly baseUrl: string;
  readonly retentionMs: number;
  readonly reconcile: boolean;
  readonly settleMs: number;
  readonly senders: readonly AuthenticSender[];
}

/** A configuration, or what is wrong with it: paths and rules, never a value. */
export type LoadedConfiguration =
  | { readonly configuration: Configuration; readonly issues?: never }
  | { readonly configuration?: never; readonly issues: readonly Issue[] };

/** The bindings as they come: a deployment may lack any, or hold anything in it. */
export type Bindings = { readonly [Name in keyof v.InferInput<typeof BindingsSchema>]?: unknown };

interface SecretsStoreBinding {
  get(): Promise<string>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.union([v.string(), v.number()], "must be a whole number"),
    v.transform(Number),
    v.check(
      (number) => Number.isSafeInteger(number) && number >= min && number <= max,
      `must be a whole number from ${min} to ${max}`,
    ),
  );

const UNUSABLE_KEY = "must be a key of visible ASCII characters, or a Secrets Store binding";

const KeySchema = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/, UNUSABLE_KEY));

/** The longest wait for a key, so that the answer stays within what webhook senders wait. */
const MAX_KEY_MS = 1_000;

const MAX_RETENTION_DAYS = 3650;

const retentionDays = v.pipe(
  v.union([v.string(), v.number()], "must be a number"),
  v.transform(Number),
  v.check(
    (days) => days > 0 && days <= MAX_RETENTION_DAYS,
    `must be a number above 0, at most ${MAX_RETENTION_DAYS}`,
  ),
);

const BindingsSchema = v.pipe(
  v.object(
    {
      ELEVENLABS_API_KEY: v.union(
        [
          KeySchema,
          v.custom<SecretsStoreBinding>(
            (binding) =>
              typeof binding === "object" &&
              binding !== null &&
              "get" in binding &&
              typeof binding.get === "function",
          ),
        ],
        UNUSABLE_KEY,
      ),
      SENDERS: v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty")),
      ELEVENLABS_BASE_URL: v.optional(BaseUrlSchema, "https://api.elevenlabs.io"),
      LEDGER_RETENTION_DAYS: v.optional(retentionDays, 7),
      RECONCILE: v.optional(v.picklist(["on", "off"], 'must be "on" or "off"'), "on"),
      SETTLE_SECONDS: v.optional(wholeNumber(1, 86_400), 60),
    },
    "is missing",
  ),
  // What the ledger forgot while its call was still running would be sent again.
  v.forward(
    v.partialCheck(
      [["LEDGER_RETENTION_DAYS"], ["SETTLE_SECONDS"]],
      (times) => times.LEDGER_RETENTION_DAYS * DAY_MS >= times.SETTLE_SECONDS * 1000,
      "must not be shorter than SETTLE_SECONDS",
    ),
    ["LEDGER_RETENTION_DAYS"],
  ),
);

const NAMES = Object.keys(BindingsSchema.entries) as (keyof Bindings)[];

let last: { bindings: Bindings; loading: Promise<LoadedConfiguration> } | undefined;

/** Checks the bindings once per isolate: they do not change while it lives, but in tests. */
export function loadConfiguration(bindings: Bindings): Promise<LoadedConfiguration> {
  if (last === undefined || NAMES.some((name) => last?.bindings[name] !== bindings[name])) {
    const snapshot = Object.fromEntries(NAMES.map((name) => [name, bindings[name]]));
    last = { bindings: snapshot, loading: checkConfiguration(bindings) };
  }
  return last.loading;
}

async function checkConfiguration(bindings: Bindings): Promise<LoadedConfiguration> {
  const result = v.safeParse(BindingsSchema, bindings);
  const { senders, issues: senderIssues = [] } =
    typeof bindings.SENDERS === "string" && bindings.SENDERS !== ""
      ? parseSenders(bindings.SENDERS)
      : { senders: [] };
  const issues = [
    ...describeIssues(result.issues ?? []),
    ...senderIssues.map(({ path, rule }) => ({
      path: path === "" ? "SENDERS" : `SENDERS.${path}`,
      rule,
    })),
  ];
  if (!result.success || senders === undefined || issues.length > 0) return { issues };
  const { ELEVENLABS_API_KEY: key, ...rest } = result.output;
  return {
    configuration: {
      apiKey: typeof key === "string" ? async () => key : () => readKey(key),
      baseUrl: rest.ELEVENLABS_BASE_URL,
      retentionMs: rest.LEDGER_RETENTION_DAYS * DAY_MS,
      reconcile: rest.RECONCILE === "on",
      settleMs: rest.SETTLE_SECONDS * 1000,
      senders: await Promise.all(senders.map(importSender)),
    },
  };
}

/** A store answers with anything, or never: what is no key must not open the ledger. */
async function readKey(store: SecretsStoreBinding): Promise<string> {
  const unusable = () => new TypeError("The Secrets Store gave no usable key");
  const key: unknown = await withTimeLimit(store.get(), MAX_KEY_MS, unusable);
  if (v.is(KeySchema, key)) return key;
  throw unusable();
}
