import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawChart } from "./chart.ts";
import { measureCpu } from "./cpu.ts";
import { measureFlood } from "./flood.ts";
import { describeLatency, measureLatency } from "./latency.ts";
import { describeMachine } from "./machine.ts";
import { measureNode } from "./node.ts";
import { measureParts } from "./profile.ts";
import { formatResults, replaceResults } from "./results.ts";
import { measureScale } from "./scale.ts";
import { type Section, type Setting, UPSTREAM_DELAY_MS } from "./section.ts";
import { measureShipped } from "./shipped.ts";
import { startUpstream } from "./workers.ts";

const DOCS = join(import.meta.dirname, "../../../docs");

const FULL = {
  load: { processes: 3, rounds: 3, seconds: 1, warmUpSeconds: 1 },
  latency: { processes: 1, rounds: 3, seconds: 2, warmUpSeconds: 1 },
  imports: 9,
} as const;

/** Tries everything, in under two minutes. Its figures mean little. */
const QUICK = {
  load: { processes: 1, rounds: 1, seconds: 0.3, warmUpSeconds: 0.4 },
  latency: { processes: 1, rounds: 1, seconds: 0.8, warmUpSeconds: 0.4 },
  imports: 1,
} as const;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
if (values.quick && values.write) {
  console.error("--quick measures too little to be written: use one of --quick and --write");
  process.exit(2);
}

const effort = values.quick ? QUICK : FULL;
const upstream = await startUpstream();
const slowUpstream = await startUpstream({ DELAY_MS: String(UPSTREAM_DELAY_MS) });
try {
  const setting: Setting = {
    upstreamUrl: upstream.url,
    slowUpstreamUrl: slowUpstream.url,
    effort: effort.load,
  };
  const latencies = await tell("latency", () =>
    measureLatency({ ...setting, effort: effort.latency }),
  );
  const sections: Section[] = [
    describeLatency(latencies),
    await tell("CPU", () => measureCpu(setting)),
    await tell("parts", () => measureParts(setting)),
    await tell("unauthenticated requests", () => measureFlood(setting)),
    await tell("scale", () => measureScale(setting)),
    await tell("size and start", () => measureShipped(Math.ceil(effort.imports / 3))),
    await tell("Node.js", () => measureNode(effort.imports)),
  ];
  const results = formatResults(describeMachine(new Date()), sections);
  console.log(results);
  if (values.write) {
    const page = join(DOCS, "benchmarks.md");
    await writeFile(page, replaceResults(await readFile(page, "utf8"), results));
    await writeFile(join(DOCS, "bench.svg"), drawChart(latencies));
    console.error("Written to docs/benchmarks.md and docs/bench.svg");
  }
} finally {
  await slowUpstream.kill();
  await upstream.kill();
}

/** Shows progress on standard error. */
async function tell<Result>(what: string, measure: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  process.stderr.write(`Measuring ${what} … `);
  const result = await measure();
  process.stderr.write(`${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  return result;
}
