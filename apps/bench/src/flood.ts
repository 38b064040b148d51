import { MAX_BODY_BYTES } from "@convai-secrets/protocol";
import { deliveries, forgeries, unauthenticated } from "./loads.ts";
import { measureInRounds } from "./rounds.ts";
import { CONNECTIONS, type Section, type Setting } from "./section.ts";
import { formatNumber, formatRatio } from "./table.ts";
import { startOurs, withWorkers } from "./workers.ts";

/** Client addresses that an attacker uses: a few, or a new one for each request. */
const FEW_ADDRESSES = 4;

/** Measures what unauthenticated requests cost beside a sender's delivery of the same size. */
export async function measureFlood({ upstreamUrl, effort }: Setting): Promise<Section> {
  const starting = [1, 64].map((signingSecrets) =>
    startOurs(upstreamUrl, { storage: "memory", signingSecrets }),
  );
  const rows: string[][] = [];
  await withWorkers(starting, async ([one, most]) => {
    if (one === undefined || most === undefined) return;
    const entries = [
      { name: "64 KiB, delivered", target: one, load: deliveries(one.tokens, MAX_BODY_BYTES) },
      { name: "64 KiB, no credential", target: one, load: unauthenticated(MAX_BODY_BYTES) },
      {
        name: `64 KiB, forged, 1 signing secret, ${FEW_ADDRESSES} addresses`,
        target: one,
        load: forgeries(FEW_ADDRESSES),
      },
      {
        name: `64 KiB, forged, 64 signing secrets, ${FEW_ADDRESSES} addresses`,
        target: most,
        load: forgeries(FEW_ADDRESSES),
      },
      {
        name: "64 KiB, forged, 64 signing secrets, a new address each",
        target: most,
        load: forgeries(Number.POSITIVE_INFINITY),
      },
    ];
    const results = await measureInRounds(
      entries.map((entry) => ({ ...entry, connections: CONNECTIONS })),
      effort,
    );
    rows.push(
      ...results.map(({ name, cpuSecondsPer1000, ratio, requestsPerSecond }) => [
        name,
        formatNumber(cpuSecondsPer1000, 1e-3),
        formatRatio(ratio.cpuSecondsPer1000),
        formatNumber(requestsPerSecond),
      ]),
    );
  });
  return {
    title: "Unauthenticated requests",
    text: "CPU beside a valid delivery of the same size. After repeated failures an address gets 429 before its body is read. Against many addresses, [operating](operating.md) sets up Cloudflare's rate limiting in front of the Worker.",
    table: { head: ["", "CPU µs", "CPU ratio", "requests/s"], rows },
  };
}
