import { cpus } from "node:os";
import { type Measurement, measure } from "./load.js";
import { type Running, startOurs, startPassThrough, startUpstream } from "./workers.js";

const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
const SECONDS = Number(process.env["SECONDS"] ?? 4);
const CONNECTIONS = 16;

const upstream = await startUpstream();
const ours = (options: Parameters<typeof startOurs>[1]) => startOurs(upstream.url, options);

/** Each is measured in every round, so that all of them meet the same machine. */
const candidates: [string, Running][] = [
  ["bare pass-through", await startPassThrough(upstream.url)],
  ["ledger in memory", await ours({ storage: "memory" })],
  ["ledger on disk", await ours({ storage: "disk" })],
  ["  16 senders", await ours({ storage: "disk", senders: 16 })],
  ["  a million rows", await ours({ storage: "disk", rows: 1_000_000 })],
  ["  64 KiB bodies", { ...(await ours({ storage: "disk" })), valueBytes: 65_000 }],
];

const results = new Map<string, Measurement[]>(candidates.map(([name]) => [name, []]));
for (const [, target] of candidates) await measure(target, CONNECTIONS, 1);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, target] of candidates) {
    results.get(name)?.push(await measure(target, CONNECTIONS, SECONDS));
  }
}
const listings = await measureListings();
for (const [, { stop }] of candidates) await stop();
await upstream.kill();

const rates = (name: string) => results.get(name)?.map((one) => one.requestsPerSecond) ?? [];
const limit = median(rates("bare pass-through"));
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s`,
);
console.log("                      requests/s   ratio (spread)       p99 ms");
for (const [name, measurements] of results) {
  const all = rates(name);
  const ratio = (rate: number) => (rate / limit).toFixed(2);
  const spread = `${ratio(Math.min(...all))}–${ratio(Math.max(...all))}`;
  const p99 = median(measurements.map((one) => one.p99Ms));
  console.log(
    `${name.padEnd(20)} ${median(all).toFixed(0).padStart(10)}   ${ratio(median(all))} (${spread}) ${p99.toFixed(0).padStart(11)}`,
  );
}
for (const [name, ms] of listings) console.log(`a listing, ${name}: ${ms.toFixed(2)} ms`);

/** What a page of deliveries costs, of an empty ledger and of a full one. */
async function measureListings(): Promise<[string, number][]> {
  const measured: [string, number][] = [];
  for (const [name, { url, tokens }] of candidates.filter(([name]) => /disk|rows/.test(name))) {
    const headers = { "xi-api-key": tokens[0] ?? "" };
    const start = performance.now();
    for (let count = 0; count < 200; count += 1) {
      await (await fetch(`${url}/v1/deliveries`, { headers })).arrayBuffer();
    }
    measured.push([name.trim(), (performance.now() - start) / 200]);
  }
  return measured;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
