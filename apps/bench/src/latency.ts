import * as contenders from "./contenders.ts";
import { deliveries, updates } from "./loads.ts";
import { type Entry, measureInRounds, type Result } from "./rounds.ts";
import { type Section, type Setting, UPSTREAM_DELAY_MS } from "./section.ts";
import { startOurs, withWorkers } from "./workers.ts";

/** Connections, each with one delivery at a time. */
const CONNECTIONS = [1, 16, 64] as const;

/** What one contender adds to a call, in milliseconds, by connections. */
export interface AddedLatency {
  readonly name: string;
  readonly added: readonly { readonly p50Ms: number; readonly p99Ms: number }[];
}

const CONTENDERS = [
  contenders.PASS_THROUGH,
  contenders.HONO,
  contenders.SDK,
  contenders.BY_HAND,
  contenders.BY_HAND_OBJECT,
  contenders.OURS,
  contenders.OURS_RECONCILING,
] as const;

const UPDATE = "this Worker, rotation";

/** Measures what each Worker adds to a call whose upstream takes {@link UPSTREAM_DELAY_MS}. */
export async function measureLatency(setting: Setting): Promise<AddedLatency[]> {
  const { slowUpstreamUrl, effort } = setting;
  const starting = CONTENDERS.map(({ start }) => start(slowUpstreamUrl));
  starting.push(
    startOurs(slowUpstreamUrl, { storage: "memory", reconcile: true, existing: "update" }),
  );
  const results: Result[] = [];
  await withWorkers(starting, async (workers) => {
    for (const connections of CONNECTIONS) {
      const entries = workers.map((target, index): Entry => {
        const name = CONTENDERS[index]?.name ?? UPDATE;
        const load =
          name === UPDATE ? updates(target.tokens, connections) : deliveries(target.tokens);
        return { name, target, connections, load };
      });
      results.push(...(await measureInRounds(entries, effort)));
    }
  });
  return [...new Set(results.map(({ name }) => name))].map((name) => ({
    name,
    added: results
      .filter((result) => result.name === name)
      .map(({ p50Ms, p99Ms }) => ({
        p50Ms: p50Ms.median - UPSTREAM_DELAY_MS,
        p99Ms: p99Ms.median - UPSTREAM_DELAY_MS,
      })),
  }));
}

export function describeLatency(latencies: readonly AddedLatency[]): Section {
  const format = (ms: number) => ms.toFixed(1);
  return {
    title: "Latency that a caller sees",
    text: `An upstream that takes ${UPSTREAM_DELAY_MS} ms; what each Worker adds to that, in milliseconds, by connections. With \`RECONCILE=on\`, the first value of a name costs one listing more, which is another ${UPSTREAM_DELAY_MS} ms. A rotation needs no listing.`,
    table: {
      head: ["", ...CONNECTIONS.flatMap((count) => [`${count}: p50`, `${count}: p99`])],
      rows: latencies.map(({ name, added }) => [
        name,
        ...added.flatMap(({ p50Ms, p99Ms }) => [format(p50Ms), format(p99Ms)]),
      ]),
    },
  };
}
