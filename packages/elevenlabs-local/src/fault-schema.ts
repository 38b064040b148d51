import * as v from "valibot";
import type { Fault } from "./fault.ts";

const MethodSchema = v.picklist(["POST", "GET", "PATCH", "DELETE"]);
export const MillisecondsSchema = v.pipe(v.number(), v.minValue(0));

// JSON has no Infinity: JSON.stringify writes it as null.
const TimesSchema = v.pipe(
  v.nullable(v.number()),
  v.transform((times) => times ?? Number.POSITIVE_INFINITY),
  v.minValue(1),
);

// The range that a Response can be constructed with.
const StatusSchema = v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599));

const target = {
  method: v.exactOptional(MethodSchema),
  name: v.exactOptional(v.string()),
  times: v.exactOptional(TimesSchema),
};

const storing = {
  ...target,
  store: v.exactOptional(v.union([v.boolean(), v.strictObject({ afterMs: MillisecondsSchema })])),
};

/** A fault as JSON. Unknown fields are rejected. */
export const FaultSchema: v.GenericSchema<unknown, Fault> = v.variant("kind", [
  v.strictObject({
    ...target,
    kind: v.literal("delay"),
    ms: MillisecondsSchema,
    when: v.exactOptional(v.picklist(["before", "after"])),
  }),
  v.strictObject({
    ...storing,
    kind: v.literal("answer"),
    status: StatusSchema,
    shape: v.exactOptional(v.picklist(["detailed", "brief", "validation"])),
    code: v.exactOptional(v.string()),
    body: v.exactOptional(v.unknown()),
    headers: v.exactOptional(v.record(v.string(), v.string())),
  }),
  v.strictObject({ ...storing, kind: v.literal("drop") }),
  v.strictObject({ ...storing, kind: v.literal("hang") }),
  v.strictObject({ ...storing, kind: v.literal("malformed-json") }),
  v.strictObject({ ...storing, kind: v.literal("wrong-types") }),
  v.strictObject({ ...storing, kind: v.literal("html"), status: v.exactOptional(StatusSchema) }),
  v.strictObject({
    ...storing,
    kind: v.literal("endless-body"),
    of: v.exactOptional(v.picklist(["whitespace", "letters"])),
    everyMs: v.exactOptional(MillisecondsSchema),
  }),
  v.strictObject({ ...storing, kind: v.literal("truncated-body") }),
  v.strictObject({
    ...storing,
    kind: v.literal("redirect"),
    to: v.pipe(v.string(), v.url()),
    status: v.exactOptional(v.picklist([301, 302, 303, 307, 308])),
  }),
  v.strictObject({
    ...storing,
    kind: v.literal("gzip-bomb"),
    bytes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
]);
