import { deliveries, listings } from "./loads.ts";
import { type Entry, measureInRounds } from "./rounds.ts";
import type { Section, Setting } from "./section.ts";
import { formatNumber, formatRatio } from "./table.ts";
import { type OurOptions, type Running, startOurs, withWorkers } from "./workers.ts";

/** What grows, with the option that makes it so; the first of each series is the reference. */
interface Series {
  readonly options: readonly { readonly name: string; readonly options: OurOptions }[];
  readonly entry: (name: string, target: Running) => Entry;
}

const deliver = (name: string, target: Running): Entry => ({
  name,
  target,
  connections: 16,
  load: deliveries(target.tokens),
});
const list = (name: string, target: Running): Entry => ({
  name: `${name}, a page of deliveries`,
  target,
  connections: 4,
  load: listings(target.tokens[0]),
});

const ROWS = [
  { name: "empty ledger", options: {} },
  { name: "1,000,000 deliveries of 100,000 names", options: { rows: 1_000_000 } },
] as const;

const SERIES: readonly Series[] = [
  { options: ROWS, entry: deliver },
  { options: ROWS, entry: list },
  {
    options: [1, 16, 256].map((senders) => ({
      name: senders === 1 ? "1 sender" : `${senders} senders`,
      options: { senders },
    })),
    entry: deliver,
  },
  {
    options: [0, 1_000].map((listed) => ({
      name: `create after a listing of ${listed === 0 ? "no" : "1,000"} names`,
      options: { reconcile: true, listed },
    })),
    entry: deliver,
  },
];

/** Measures whether a delivery costs more as the ledger, the senders and the workspace grow. */
export async function measureScale({ upstreamUrl, effort }: Setting): Promise<Section> {
  const rows: string[][] = [];
  for (const { options, entry } of SERIES) {
    const starting = options.map((one) =>
      startOurs(upstreamUrl, { storage: "memory", ...one.options }),
    );
    await withWorkers(starting, async (workers) => {
      const entries = workers.map((target, index) => entry(options[index]?.name ?? "", target));
      for (const result of await measureInRounds(entries, effort)) {
        rows.push([
          result.name,
          formatNumber(result.requestsPerSecond),
          formatRatio(result.ratio.requestsPerSecond),
          formatNumber(result.cpuSecondsPer1000, 1e-3),
          formatRatio(result.ratio.cpuSecondsPer1000),
        ]);
      }
    });
  }
  return {
    title: "Scale",
    text: "Throughput and CPU as the ledger, the number of senders and the workspace grow. Ratios are to the first row of each group.",
    table: { head: ["", "requests/s", "ratio", "CPU µs", "CPU ratio"], rows },
  };
}
