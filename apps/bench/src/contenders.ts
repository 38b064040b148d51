import { type Running, startOther, startOurs } from "./workers.ts";

/** A Worker that is set against the others. */
export interface Contender {
  readonly name: string;
  readonly start: (upstreamUrl: string) => Promise<Running>;
}

/** The limit of what any Worker can do, and the first of {@link CONTENDERS}. */
export const PASS_THROUGH = "bare pass-through";

export const CONTENDERS: readonly Contender[] = [
  { name: PASS_THROUGH, start: (url) => startOther("pass-through", url) },
  { name: "this Worker, no ledger", start: (url) => startOurs(url) },
  { name: "ledger in memory", start: (url) => startOurs(url, { storage: "memory" }) },
  {
    name: "ledger in memory, 16 senders",
    start: (url) => startOurs(url, { storage: "memory", senders: 16 }),
  },
  {
    name: "ledger in memory, `RECONCILE=on`",
    start: (url) => startOurs(url, { storage: "memory", reconcile: true }),
  },
  { name: "ledger on disk", start: (url) => startOurs(url, { storage: "disk" }) },
  {
    name: "ledger on disk, 16 senders",
    start: (url) => startOurs(url, { storage: "disk", senders: 16 }),
  },
  { name: "hono + zod + fetch", start: (url) => startOther("hono-zod", url) },
  { name: "around the official SDK", start: (url) => startOther("sdk", url) },
];
