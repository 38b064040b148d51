import type { Bar, ChartText } from "./chart.ts";
import { PASS_THROUGH } from "./contenders.ts";
import type { Report } from "./report.ts";
import { formatTable } from "./table.ts";
import {
  floodTable,
  MAIN_CONNECTIONS,
  nodeTable,
  sizeTable,
  throughputTable,
  workTable,
} from "./tables.ts";

/** The whole of a run in words and tables, as Markdown. */
export function formatSummary(report: Report): string {
  const { cpu, cores, memoryGiB, system, node, date } = report.machine;
  const { rounds, seconds } = report.effort;
  return `Measured on ${date} on ${cores} cores of ${cpu} with ${memoryGiB} GiB (${system}, Node.js ${node}), load, Worker and upstream sharing them: ${rounds} interleaved ${rounds === 1 ? "round" : "rounds"} of ${seconds} s each. A ratio is to the first row of its block, in the same round: the median (least–greatest).

Throughput by connections, and at ${MAIN_CONNECTIONS} connections what a request costs:

${formatTable(throughputTable(report))}

What strangers cost, in CPU:

${formatTable(floodTable(report))}

What the work costs:

${formatTable(workTable(report))}

What is shipped:

${formatTable(sizeTable(report))}

In Node.js:

${formatTable(nodeTable(report))}
`;
}

/** The bars of the chart: throughput at 16 connections. */
export function chartBars({ throughput }: Pick<Report, "throughput">): Bar[] {
  return throughput
    .filter(({ connections }) => connections === MAIN_CONNECTIONS)
    .map(({ name, ratio }) => ({
      label: name.replaceAll("`", ""),
      value: ratio.requestsPerSecond,
      kind: kindOf(name),
    }));
}

function kindOf(name: string): Bar["kind"] {
  if (name === PASS_THROUGH) return "limit";
  return /ledger/.test(name) ? "ours" : "other";
}

export function chartText({ machine }: Pick<Report, "machine">): ChartText {
  return {
    title: "Throughput, as a ratio to a bare pass-through Worker",
    subtitle: `${MAIN_CONNECTIONS} connections, standalone workerd, ${machine.cores} cores of ${machine.cpu}, ${machine.date}`,
  };
}
