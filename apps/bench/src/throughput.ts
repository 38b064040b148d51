import { CONTENDERS } from "./contenders.ts";
import { deliveries } from "./loads.ts";
import { type Effort, measureInRounds, type Result } from "./rounds.ts";
import type { Running } from "./workers.ts";

export const CONNECTIONS = [1, 16, 64] as const;

/** Sets the contenders against each other, by number of connections. */
export async function compareThroughput(upstreamUrl: string, effort: Effort): Promise<Result[]> {
  const running: Running[] = [];
  try {
    for (const { start } of CONTENDERS) running.push(await start(upstreamUrl));
    const results: Result[] = [];
    // The most connections first: they warm the Workers up the soonest.
    for (const connections of CONNECTIONS.toReversed()) {
      const entries = CONTENDERS.flatMap(({ name }, index) => {
        const target = running[index];
        if (target === undefined) return [];
        return [{ name, target, connections, load: deliveries(target.tokens) }];
      });
      results.push(...(await measureInRounds(entries, effort)));
    }
    return results;
  } finally {
    for (const { stop } of running) await stop();
  }
}
