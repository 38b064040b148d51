import { deliveries, forgeries, MAX_BODY_BYTES, strangers } from "./loads.ts";
import { type Effort, measureInRounds, type Result } from "./rounds.ts";
import { startOurs } from "./workers.ts";

/**
 * What strangers cost, who know the address and send the longest bodies it takes, beside a sender who
 * does the same.
 */
export async function measureFlood(upstreamUrl: string, effort: Effort): Promise<Result[]> {
  const one = await startOurs(upstreamUrl, { signingSecrets: 1 });
  const some = await startOurs(upstreamUrl, { signingSecrets: 16 });
  const most = await startOurs(upstreamUrl, { signingSecrets: 64 });
  try {
    const entries = [
      {
        name: "64 KiB delivered with a token",
        target: one,
        load: deliveries(one.tokens, MAX_BODY_BYTES),
      },
      { name: "64 KiB without credentials", target: one, load: strangers(MAX_BODY_BYTES) },
      { name: "64 KiB forged, 1 signing secret", target: one, load: forgeries() },
      { name: "64 KiB forged, 16 signing secrets", target: some, load: forgeries() },
      { name: "64 KiB forged, 64 signing secrets", target: most, load: forgeries() },
    ];
    return await measureInRounds(
      entries.map((entry) => ({ ...entry, connections: 16 })),
      effort,
    );
  } finally {
    for (const { stop } of [one, some, most]) await stop();
  }
}
