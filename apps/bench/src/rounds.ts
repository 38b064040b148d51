import { type Load, type Measurement, measure, type Target } from "./load.ts";
import { ratios, type Spread, summarize } from "./statistics.ts";
import { type Running, withWorkers } from "./workers.ts";

/** One thing to measure in every round. */
export interface Entry {
  readonly name: string;
  readonly target: Target;
  readonly load: Load;
  readonly connections: number;
}

/** How long to measure. */
export interface Effort {
  /** How often {@link measureInProcesses} starts new processes. */
  readonly processes: number;
  readonly rounds: number;
  /** Of each entry in each round. */
  readonly seconds: number;
  /** Of each entry before the first round. */
  readonly warmUpSeconds: number;
}

/** The measurements of an entry over all rounds. Ratios are to the first entry of the same round. */
export interface Result {
  readonly name: string;
  readonly connections: number;
  readonly requestsPerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly cpuSecondsPer1000: Spread;
  readonly residentBytes: Spread;
  readonly ratio: {
    readonly requestsPerSecond: Spread;
    readonly p99Ms: Spread;
    readonly cpuSecondsPer1000: Spread;
  };
}

/**
 * Measures every entry in every round, one after the other, so that other work on the machine affects
 * all of them.
 */
export async function measureInRounds(
  entries: readonly Entry[],
  effort: Effort,
): Promise<Result[]> {
  return sumUpAll(entries, await measureRounds(entries, effort));
}

/**
 * As {@link measureInRounds}, several times with new processes: of two processes of the same Worker,
 * one can need a tenth more CPU than the other.
 */
export async function measureInProcesses(
  startAll: () => readonly Promise<Running>[],
  toEntry: (worker: Running, index: number) => Entry,
  effort: Effort,
): Promise<Result[]> {
  let entries: Entry[] = [];
  const measurements: Measurement[][] = [];
  for (let process = 0; process < effort.processes; process += 1) {
    await withWorkers(startAll(), async (workers) => {
      entries = workers.map(toEntry);
      for (const [index, rounds] of (await measureRounds(entries, effort)).entries()) {
        measurements[index] = [...(measurements[index] ?? []), ...rounds];
      }
    });
  }
  return sumUpAll(entries, measurements);
}

async function measureRounds(
  entries: readonly Entry[],
  { rounds, seconds, warmUpSeconds }: Effort,
): Promise<Measurement[][]> {
  for (const { target, load, connections } of entries) {
    await measure(target, load, connections, warmUpSeconds);
  }
  const measurements: Measurement[][] = entries.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { target, load, connections }] of entries.entries()) {
      measurements[index]?.push(await measure(target, load, connections, seconds));
    }
  }
  return measurements;
}

function sumUpAll(entries: readonly Entry[], measurements: readonly Measurement[][]): Result[] {
  const [base = []] = measurements;
  return entries.map((entry, index) => sumUp(entry, measurements[index] ?? [], base));
}

/** Summarizes the rounds of an entry, with ratios to the rounds of another. */
export function sumUp(
  { name, connections }: Pick<Entry, "name" | "connections">,
  rounds: readonly Measurement[],
  baseRounds: readonly Measurement[],
): Result {
  const all = (key: keyof Measurement) => rounds.map((measurement) => measurement[key]);
  const ratio = (key: keyof Measurement) => {
    const base = baseRounds.map((measurement) => measurement[key]);
    return summarize(ratios(all(key), base));
  };
  return {
    name,
    connections,
    requestsPerSecond: summarize(all("requestsPerSecond")),
    p50Ms: summarize(all("p50Ms")),
    p99Ms: summarize(all("p99Ms")),
    cpuSecondsPer1000: summarize(all("cpuSecondsPer1000")),
    residentBytes: summarize(all("residentBytes")),
    ratio: {
      requestsPerSecond: ratio("requestsPerSecond"),
      p99Ms: ratio("p99Ms"),
      cpuSecondsPer1000: ratio("cpuSecondsPer1000"),
    },
  };
}
