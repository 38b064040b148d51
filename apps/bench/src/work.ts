import { deliveries, listings, MAX_BODY_BYTES } from "./loads.ts";
import { type Effort, type Entry, measureInRounds, type Result } from "./rounds.ts";
import { type OurOptions, type Running, startOther, startOurs } from "./workers.ts";

/** Results whose ratios are to the first of them. */
export interface Series {
  readonly name: string;
  readonly results: readonly Result[];
}

const ROWS = [0, 10_000, 1_000_000];
const SENDERS = [1, 4, 16, 64];
const BODY_BYTES = [100, 1024, 16 * 1024, MAX_BODY_BYTES];
const STORAGES = ["memory", "disk"] as const;

const number = new Intl.NumberFormat("en");

/** What a delivery and a listing cost by rows, senders and bytes. */
export async function measureWork(upstreamUrl: string, effort: Effort): Promise<Series[]> {
  const ours = (options: OurOptions) => startOurs(upstreamUrl, options);
  const series: Series[] = [];
  const add = async (name: string, entries: readonly Entry[]) => {
    series.push({ name, results: await measureInRounds(entries, effort) });
  };

  const byRows = ROWS.map((rows) => ours({ storage: "memory", rows }));
  await using(byRows, async (workers) => {
    const name = (index: number) => `${number.format(ROWS[index] ?? 0)} rows`;
    await add(
      "a delivery, by rows",
      workers.map((target, index) => deliver(name(index), target)),
    );
    await add(
      "a listing, by rows",
      workers.map((target, index) => list(name(index), target)),
    );
  });

  for (const storage of STORAGES) {
    const bySenders = SENDERS.map((senders) => ours({ storage, senders }));
    await using(bySenders, async (workers) => {
      const name = (index: number) =>
        SENDERS[index] === 1 ? "1 sender" : `${SENDERS[index]} senders`;
      const where = storage === "memory" ? "in memory" : "on disk";
      await add(
        `ledgers ${where}`,
        workers.map((target, index) => deliver(name(index), target)),
      );
    });
  }

  await using(
    [startOther("pass-through", upstreamUrl), ours({ storage: "memory" })],
    async (both) => {
      for (const bytes of BODY_BYTES) {
        const names = ["bare pass-through", "ledger in memory"];
        const entries = both.map((target, index) => deliver(names[index] ?? "", target, bytes));
        await add(bytes < 1024 ? `a body of ${bytes} B` : `a body of ${bytes / 1024} KiB`, entries);
      }
    },
  );
  return series;
}

function deliver(name: string, target: Running, bodyBytes?: number): Entry {
  return { name, target, connections: 16, load: deliveries(target.tokens, bodyBytes) };
}

function list(name: string, target: Running): Entry {
  return { name, target, connections: 1, load: listings(target.tokens[0]) };
}

/** Hands over Workers when all have started, and ends them. */
async function using(
  starting: readonly Promise<Running>[],
  run: (workers: readonly Running[]) => Promise<void>,
): Promise<void> {
  const workers = await Promise.all(starting);
  try {
    await run(workers);
  } finally {
    for (const { stop } of workers) await stop();
  }
}
