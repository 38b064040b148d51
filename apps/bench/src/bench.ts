import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawChart } from "./chart.ts";
import { measureFlood } from "./flood.ts";
import { measureImports } from "./imports.ts";
import { measureInstalled } from "./installed.ts";
import { replaceResults } from "./readme.ts";
import { describeMachine, formatReport, type Report } from "./report.ts";
import type { Effort } from "./rounds.ts";
import { weighBundles } from "./shipped.ts";
import { measureStartUp } from "./start-up.ts";
import { chartBars, chartText, formatSummary } from "./summary.ts";
import { compareThroughput } from "./throughput.ts";
import { measureWork } from "./work.ts";
import { startUpstream, WORK_FOLDER } from "./workers.ts";

const ROOT = join(import.meta.dirname, "../../..");

const FULL = {
  throughput: { rounds: 7, seconds: 2, warmUpSeconds: 2 },
  others: { rounds: 5, seconds: 1, warmUpSeconds: 1 },
  processes: 15,
} as const;

/** Tries everything, in about a minute; its figures are worth little. */
const QUICK = {
  throughput: { rounds: 1, seconds: 0.4, warmUpSeconds: 0.5 },
  others: { rounds: 1, seconds: 0.3, warmUpSeconds: 0.5 },
  processes: 1,
} as const;

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });

const report = await run(values.quick ? QUICK : FULL);
const summary = formatSummary(report);
const chart = drawChart(chartBars(report), chartText(report));
console.log(summary);
// Only a full run is worth keeping.
const folder = values.quick ? join(WORK_FOLDER, "quick") : join(ROOT, "docs");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "bench.json"), formatReport(report));
await writeFile(join(folder, "bench.svg"), chart);
if (!values.quick) {
  const readme = join(ROOT, "README.md");
  await writeFile(readme, replaceResults(await readFile(readme, "utf8"), summary));
}
console.log(`Written to ${folder}`);

interface Efforts {
  readonly throughput: Effort;
  readonly others: Effort;
  /** How often each new process is timed. */
  readonly processes: number;
}

async function run({ throughput, others, processes }: Efforts): Promise<Report> {
  const upstream = await startUpstream();
  try {
    return {
      effort: throughput,
      throughput: await tell("throughput", compareThroughput(upstream.url, throughput)),
      flood: await tell("flood", measureFlood(upstream.url, others)),
      work: await tell("work", measureWork(upstream.url, others)),
      shipped: await tell("bundles", weighBundles()),
      startUp: await tell("start-up", measureStartUp(Math.ceil(processes / 3))),
      imports: await tell("imports", measureImports(processes)),
      installed: await measureInstalled(),
      machine: describeMachine(new Date()),
    };
  } finally {
    await upstream.kill();
  }
}

async function tell<Result>(what: string, running: Promise<Result>): Promise<Result> {
  console.error(`Measuring: ${what}`);
  return running;
}
