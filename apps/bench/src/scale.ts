import { deliveries, listings } from "./loads.ts";
import { type Entry, measureInProcesses, type Result } from "./rounds.ts";
import { CONNECTIONS, type Section, type Setting } from "./section.ts";
import { formatNumber, formatRatio } from "./table.ts";
import { type OurOptions, type Running, startOurs, startUpstream } from "./workers.ts";

/** A Worker of each size; the first is the reference. */
interface Series {
  readonly sizes: readonly Size[];
  readonly entry: (name: string, target: Running) => Entry;
}

interface Size {
  readonly name: string;
  readonly options: OurOptions;
  /** Whether the upstream lists 1,000 secrets for every search. Default false. */
  readonly full?: boolean;
}

const deliver = (name: string, target: Running): Entry => ({
  name,
  target,
  connections: CONNECTIONS,
  load: deliveries(target.tokens),
});
const list = (name: string, target: Running): Entry => ({
  name: `${name}, a page of deliveries`,
  target,
  connections: 4,
  load: listings(target.tokens[0]),
});

const ROWS = [
  // A full page: an empty one would be no reference for a page of a larger ledger.
  { name: "1,000 deliveries of 100 names", options: { rows: 1_000 } },
  { name: "1,000,000 deliveries of 100,000 names", options: { rows: 1_000_000 } },
] as const;

const SERIES: readonly Series[] = [
  { sizes: ROWS, entry: deliver },
  { sizes: ROWS, entry: list },
  {
    sizes: [1, 16, 256].map((senders) => ({
      name: senders === 1 ? "1 sender" : `${senders} senders`,
      options: { senders },
    })),
    entry: deliver,
  },
  {
    sizes: [
      { name: "a listing finds no secret", options: { reconcile: true } },
      { name: "a listing finds 1,000 secrets", options: { reconcile: true }, full: true },
    ],
    entry: deliver,
  },
];

/** Measures whether a delivery costs more as the ledger, the senders and the workspace grow. */
export async function measureScale({ upstreamUrl, effort }: Setting): Promise<Section> {
  const rows: string[][] = [];
  const fullUpstream = await startUpstream({ LISTED: "1000" });
  try {
    for (const { sizes, entry } of SERIES) {
      const results = await measureInProcesses(
        () =>
          sizes.map(({ options, full = false }) =>
            startOurs(full ? fullUpstream.url : upstreamUrl, { storage: "memory", ...options }),
          ),
        (target, index) => entry(sizes[index]?.name ?? "", target),
        effort,
      );
      rows.push(...results.map(formatRow));
    }
  } finally {
    await fullUpstream.kill();
  }
  return {
    title: "Scale",
    text: "Throughput and CPU as the ledger, the number of senders and the workspace grow. Ratios are to the first row of each group. A listing searches for one name, so of a large workspace it finds only the secrets whose names start with it; 1,000 of them are ten pages.",
    table: { head: ["", "requests/s", "ratio", "CPU µs", "CPU ratio"], rows },
  };
}

function formatRow({ name, requestsPerSecond, cpuSecondsPer1000, ratio }: Result): string[] {
  return [
    name,
    formatNumber(requestsPerSecond),
    formatRatio(ratio.requestsPerSecond),
    formatNumber(cpuSecondsPer1000, 1e-3),
    formatRatio(ratio.cpuSecondsPer1000),
  ];
}
