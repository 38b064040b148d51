import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import type { ImportTime } from "./imports.ts";
import type { Installed } from "./installed.ts";
import type { Effort, Result } from "./rounds.ts";
import type { Shipped } from "./shipped.ts";
import type { StartUpTime } from "./start-up.ts";
import type { Series } from "./work.ts";

/** Where and when a run was made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Of the run's end, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Everything one run measured; times in the units of their names. */
export interface Report {
  readonly machine: Machine;
  readonly effort: Effort;
  /** Ratios are to the bare pass-through Worker at the same number of connections. */
  readonly throughput: readonly Result[];
  /** Ratios are to the first. */
  readonly flood: readonly Result[];
  /** Ratios are to the first of each series. */
  readonly work: readonly Series[];
  readonly shipped: readonly Shipped[];
  readonly startUp: readonly StartUpTime[];
  readonly imports: readonly ImportTime[];
  readonly installed: readonly Installed[];
}

export function describeMachine(now: Date): Machine {
  return {
    cpu: readCpuModel(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    date: now.toISOString().slice(0, 10),
  };
}

function readCpuModel(): string {
  const model = /^model name\s*: (.+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1];
  return model?.trim() ?? cpus()[0]?.model ?? "unknown CPU";
}

/** A report as JSON, its measurements to four digits, which is more than they are worth. */
export function formatReport(report: Report): string {
  const round = (_key: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return `${JSON.stringify(report, round, 2)}\n`;
}
