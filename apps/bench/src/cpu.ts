import * as contenders from "./contenders.ts";
import { deliveries } from "./loads.ts";
import { measureInProcesses, type Result } from "./rounds.ts";
import { CONNECTIONS, type Section, type Setting } from "./section.ts";
import { formatNumber, formatRatio } from "./table.ts";

/** The contenders by what they are compared with, which is the first of each group. */
const GROUPS = [
  [contenders.PASS_THROUGH, contenders.HONO, contenders.SDK],
  [contenders.BY_HAND, contenders.OURS_WITHOUT_LEDGER],
  [contenders.BY_HAND_OBJECT, contenders.OURS, contenders.OURS_RECONCILING],
  [contenders.BY_HAND_OBJECT_ON_DISK, contenders.OURS_ON_DISK],
] as const;

/** Measures the CPU time of one delivery, beside hand-written Workers with the same duties. */
export async function measureCpu({ upstreamUrl, effort }: Setting): Promise<Section> {
  const rows: string[][] = [];
  for (const group of GROUPS) {
    const results = await measureInProcesses(
      () => group.map(({ start }) => start(upstreamUrl)),
      (target, index) => ({
        name: group[index]?.name ?? "",
        target,
        connections: CONNECTIONS,
        load: deliveries(target.tokens),
      }),
      effort,
    );
    rows.push(...results.map(formatRow));
  }
  return {
    title: "CPU of one delivery",
    text: `${CONNECTIONS} connections, an upstream that answers at once, distinct names. Ratios are to the nearest row above with 1.00: the bare pass-through, or the hand-written Worker with the same duties. The hand-written Workers stop where this Worker goes on: one sender, no signatures, no name patterns, no order of writes.`,
    table: {
      head: ["", "CPU µs", "CPU ratio", "requests/s", "p50 ms", "p99 ms", "p99 ratio", "MB"],
      rows,
    },
  };
}

function formatRow(result: Result): string[] {
  return [
    result.name,
    formatNumber(result.cpuSecondsPer1000, 1e-3),
    formatRatio(result.ratio.cpuSecondsPer1000),
    formatNumber(result.requestsPerSecond),
    formatNumber(result.p50Ms),
    formatNumber(result.p99Ms),
    formatRatio(result.ratio.p99Ms),
    formatNumber(result.residentBytes, 1e6),
  ];
}
