import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import * as v from "valibot";
import type { Call } from "./call.ts";
import type { Fault } from "./fault.ts";
import { MillisecondsSchema } from "./fault-schema.ts";

/** What can happen at random, as shares of all writes; together at most 1. */
export interface ChaosRates {
  readonly storeThen502?: number;
  readonly storeThenDrop?: number;
  readonly dropBefore?: number;
  /** 502 at once, applied `lateMs` later. */
  readonly late?: number;
  /** Applied at once, response `slowMs` later. */
  readonly slow?: number;
  /** Not applied, without `retry-after`. */
  readonly 429?: number;
  /** Applied, then 200 with malformed JSON. */
  readonly malformed?: number;
}

/** Random faults of POST and PATCH. The same seed and order of arrival give the same faults. */
export interface ChaosOptions {
  readonly seed: number;
  readonly rates: ChaosRates;
  /** Default 200. */
  readonly lateMs?: number;
  /** Default 10,000. */
  readonly slowMs?: number;
}

const DEFAULT_LATE_MS = 200;
const DEFAULT_SLOW_MS = 10_000;
const RateSchema = v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));

export const ChaosOptionsSchema: v.GenericSchema<unknown, ChaosOptions> = v.strictObject({
  seed: v.pipe(v.number(), v.integer()),
  rates: v.pipe(
    v.strictObject({
      storeThen502: RateSchema,
      storeThenDrop: RateSchema,
      dropBefore: RateSchema,
      late: RateSchema,
      slow: RateSchema,
      429: RateSchema,
      malformed: RateSchema,
    }),
    v.check((rates) => sum(Object.values(rates)) <= 1, "The rates add up to more than 1"),
  ),
  lateMs: v.exactOptional(MillisecondsSchema),
  slowMs: v.exactOptional(MillisecondsSchema),
});

/** Decides for each call whether it gets a fault. */
export type Chaos = (call: Call) => Fault | undefined;

export function createChaos(options: ChaosOptions): Chaos {
  const { rates, lateMs = DEFAULT_LATE_MS, slowMs = DEFAULT_SLOW_MS } = options;
  const outcomes: readonly (readonly [rate: number | undefined, fault: Fault])[] = [
    [rates.storeThen502, { kind: "answer", status: 502, store: true }],
    [rates.storeThenDrop, { kind: "drop", store: true }],
    [rates.dropBefore, { kind: "drop" }],
    [rates.late, { kind: "answer", status: 502, store: { afterMs: lateMs } }],
    [rates.slow, { kind: "delay", ms: slowMs, when: "after" }],
    [rates[429], { kind: "answer", status: 429 }],
    [rates.malformed, { kind: "malformed-json", store: true }],
  ];
  const generator = xoroshiro128plus(options.seed);

  return ({ method }) => {
    if (method !== "POST" && method !== "PATCH") return undefined;
    let left = uniformFloat64(generator);
    for (const [rate = 0, fault] of outcomes) {
      if (left < rate) return fault;
      left -= rate;
    }
    return undefined;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
