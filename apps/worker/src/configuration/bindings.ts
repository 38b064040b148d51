import { BaseUrlSchema, DEFAULT_BASE_URL } from "@convai-secrets/core";
import { API_KEY_PATTERN } from "@convai-secrets/core/internal";
import { LedgerKeySchema } from "@convai-secrets/protocol";
import * as v from "valibot";
import { OperatorAccessSchema } from "./operator-access.ts";
import { secretSourceSchema } from "./secret-source.ts";

export const DAY_MS = 24 * 60 * 60 * 1000;

const MAX_RETENTION_DAYS = 3650;

const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.union([v.string(), v.number()], "must be a whole number"),
    v.transform(Number),
    v.check(
      (number) => Number.isSafeInteger(number) && number >= min && number <= max,
      `must be a whole number from ${min} to ${max}`,
    ),
  );

const retentionDays = v.pipe(
  v.union([v.string(), v.number()], "must be a number"),
  v.transform(Number),
  v.check(
    (days) => days > 0 && days <= MAX_RETENTION_DAYS,
    `must be a number above 0, at most ${MAX_RETENTION_DAYS}`,
  ),
);

const bindingWith = (method: string, rule: string) =>
  v.custom<object>(
    (binding) =>
      typeof binding === "object" &&
      binding !== null &&
      typeof (binding as Readonly<Record<string, unknown>>)[method] === "function",
    rule,
  );

/** The bindings of the Worker. Messages name the rule and never quote a value. */
export const BindingsSchema = v.pipe(
  v.object(
    {
      ELEVENLABS_API_KEY: secretSourceSchema(
        API_KEY_PATTERN,
        "must be an API key of visible ASCII characters, or a Secrets Store binding",
      ),
      SENDERS: secretSourceSchema(/./, "must be a JSON text, or a Secrets Store binding"),
      LEDGER_KEY: LedgerKeySchema,
      LEDGER: bindingWith("getByName", "must be a Durable Object namespace"),
      RATE_LIMITER: v.optional(bindingWith("limit", "must be a rate limit")),
      ELEVENLABS_BASE_URL: v.optional(
        v.pipe(
          BaseUrlSchema,
          // Every operation adds its own path, so a path here makes all of them fail.
          v.check((url) => new URL(url).pathname === "/", "must not have a path"),
        ),
        DEFAULT_BASE_URL,
      ),
      LEDGER_RETENTION_DAYS: v.optional(retentionDays, 7),
      RECONCILE: v.optional(v.picklist(["on", "off"], 'must be "on" or "off"'), "on"),
      SETTLE_SECONDS: v.optional(wholeNumber(1, 86_400), 60),
      LEDGER_JURISDICTION: v.optional(
        v.picklist(["eu", "fedramp"], 'must be "eu" or "fedramp", or not be set'),
      ),
      OPERATOR_ACCESS: v.optional(OperatorAccessSchema),
    },
    "is missing",
  ),
  // A delivery that is forgotten while its call is in flight would be sent again.
  v.forward(
    v.partialCheck(
      [["LEDGER_RETENTION_DAYS"], ["SETTLE_SECONDS"]],
      (times) => times.LEDGER_RETENTION_DAYS * DAY_MS >= times.SETTLE_SECONDS * 1000,
      "must not be shorter than SETTLE_SECONDS",
    ),
    ["LEDGER_RETENTION_DAYS"],
  ),
);

/** The names of all bindings that are checked. */
export const BINDING_NAMES = Object.keys(BindingsSchema.entries) as readonly BindingName[];

type BindingName = keyof v.InferInput<typeof BindingsSchema>;

/** The bindings as they arrive: each can be missing or hold anything. */
export type Bindings = { readonly [Name in BindingName]?: unknown };

/** The bindings, valid. */
export type ValidBindings = v.InferOutput<typeof BindingsSchema>;
