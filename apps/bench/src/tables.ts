import type { Report } from "./report.ts";
import type { Result } from "./rounds.ts";
import type { Spread } from "./statistics.ts";
import type { Table } from "./table.ts";
import { CONNECTIONS } from "./throughput.ts";

/** The number of connections of which the tables tell more than the throughput. */
export const MAIN_CONNECTIONS = 16;

/** Throughput as a ratio to the pass-through, and at 16 connections what a request costs. */
export function throughputTable({ throughput }: Pick<Report, "throughput">): Table {
  const names = [...new Set(throughput.map(({ name }) => name))];
  const find = (name: string, connections: number) =>
    throughput.find((result) => result.name === name && result.connections === connections);
  return {
    head: [
      "",
      ...CONNECTIONS.map((count) => (count === 1 ? "1 connection" : String(count))),
      "p50 ms",
      "p99 ms",
      "p99 ratio",
      "CPU s per 1,000",
      "MB",
    ],
    rows: names.map((name) => {
      const main = find(name, MAIN_CONNECTIONS);
      return [
        name,
        ...CONNECTIONS.map((count) => formatRatio(find(name, count)?.ratio.requestsPerSecond)),
        formatNumber(main?.p50Ms),
        formatNumber(main?.p99Ms),
        formatRatio(main?.ratio.p99Ms),
        formatNumber(main?.cpuSecondsPer1000),
        formatNumber(main?.residentBytes, 1e6),
      ];
    }),
  };
}

/** What strangers cost. */
export function floodTable({ flood }: Pick<Report, "flood">): Table {
  return {
    head: ["", "requests/s", "CPU s per 1,000", "ratio"],
    rows: flood.map((result) => [
      result.name,
      formatNumber(result.requestsPerSecond),
      formatNumber(result.cpuSecondsPer1000),
      formatRatio(result.ratio.cpuSecondsPer1000),
    ]),
  };
}

/** Cost against work: throughput by rows, senders and bytes. */
export function workTable({ work }: Pick<Report, "work">): Table {
  const row = (series: string, result: Result, index: number) => [
    index === 0 ? series : "",
    result.name,
    formatNumber(result.requestsPerSecond),
    formatRatio(result.ratio.requestsPerSecond),
    formatNumber(result.p50Ms),
  ];
  return {
    head: ["", "of", "requests/s", "ratio", "p50 ms"],
    rows: work.flatMap(({ name, results }) =>
      results.map((result, index) => row(name, result, index)),
    ),
  };
}

/** What is shipped, and how long it takes to start. */
export function sizeTable({ shipped, startUp }: Pick<Report, "shipped" | "startUp">): Table {
  return {
    head: ["", "minified KiB", "gzip KiB", "start-up ms"],
    rows: shipped.map(({ name, bytes, gzipBytes }) => [
      name,
      (bytes / 1024).toFixed(1),
      (gzipBytes / 1024).toFixed(1),
      formatNumber(startUp.find((time) => time.name === name)?.ms),
    ]),
  };
}

/** Core in Node: its import and its size. */
export function nodeTable({ imports, installed }: Pick<Report, "imports" | "installed">): Table {
  return {
    head: ["", "import ms", "ratio", "installed MB", "packages"],
    rows: imports.map(({ name, ms, ratio }) => {
      const size = installed.find((one) => one.name === name);
      const megabytes = size === undefined ? "" : (size.bytes / 1e6).toFixed(1);
      return [name, formatNumber(ms), formatRatio(ratio), megabytes, String(size?.packages ?? "")];
    }),
  };
}

/** A median with the least and the greatest, to two places. */
export function formatRatio(spread: Spread | undefined): string {
  if (spread === undefined) return "";
  const { median, min, max } = spread;
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** A median in units, to three digits, with thousands separated. */
export function formatNumber(spread: Spread | undefined, unit = 1): string {
  if (spread === undefined) return "";
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(spread.median / unit);
}
