import * as v from "valibot";
import type { Call } from "./call.ts";
import type { Fault } from "./fault.ts";
import { MillisecondsSchema } from "./fault-schema.ts";

/** What can happen at random, and how often: shares of all calls, together at most 1. */
export interface ChaosRates {
  readonly storeThen502?: number;
  readonly storeThenDrop?: number;
  readonly dropBefore?: number;
  /** 502 at once, stored `lateMs` later. */
  readonly late?: number;
  /** Stored at once, answered `slowMs` later. */
  readonly slow?: number;
  /** Not stored, without `retry-after`. */
  readonly 429?: number;
  /** Stored, then 200 with malformed JSON. */
  readonly malformed?: number;
}

/** Random faults of POSTs for soak tests; the same seed and order of arrival give the same faults. */
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

/** Decides, call by call, whether something goes wrong. */
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
  const random = createRandom(options.seed);

  return ({ method }) => {
    if (method !== "POST") return undefined;
    let left = random();
    for (const [rate = 0, fault] of outcomes) {
      if (left < rate) return fault;
      left -= rate;
    }
    return undefined;
  };
}

/** Mulberry32 (Tommy Ettinger, public domain): small, seeded, and even enough for this. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
