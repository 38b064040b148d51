import type { Effort } from "./rounds.ts";
import type { Table } from "./table.ts";

/** What a run measures with. */
export interface Setting {
  /** The address of an upstream that answers at once. */
  readonly upstreamUrl: string;
  /** The address of an upstream that takes {@link UPSTREAM_DELAY_MS}. */
  readonly slowUpstreamUrl: string;
  readonly effort: Effort;
}

/** Connections, each with one request at a time: as many as keep a Worker busy. */
export const CONNECTIONS = 16;

/** How long the slow upstream takes to answer, in milliseconds. */
export const UPSTREAM_DELAY_MS = 150;

/** One question that the benchmark answers, with the table that answers it. */
export interface Section {
  readonly title: string;
  /** How to read the table, as Markdown. */
  readonly text: string;
  readonly table: Table;
}
