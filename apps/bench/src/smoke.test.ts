import { afterAll, beforeAll, expect, test } from "vitest";
import { CONTENDERS } from "./contenders.ts";
import { measure } from "./load.ts";
import { deliveries, forgeries, formatBody, listings, MAX_BODY_BYTES, strangers } from "./loads.ts";
import { type Running, startOurs, startUpstream } from "./workers.ts";

let upstream: Awaited<ReturnType<typeof startUpstream>>;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.kill());

async function withWorker(starting: Promise<Running>, run: (worker: Running) => Promise<void>) {
  const worker = await starting;
  try {
    await run(worker);
  } finally {
    await worker.stop();
  }
}

test.each(CONTENDERS)("$name answers a load", async ({ start }) => {
  await withWorker(start(upstream.url), async (worker) => {
    const load = deliveries(worker.tokens);
    // The first takes the longest, and what was not answered in time was not measured.
    const { path, ...first } = load.next();
    expect(await (await fetch(worker.url + path, first)).json()).toMatchObject({ type: "stored" });
    const measured = await measure(worker, load, 4, 0.3);
    expect(measured.requestsPerSecond).toBeGreaterThan(0);
    expect(measured.p99Ms).toBeGreaterThanOrEqual(measured.p50Ms);
    expect(measured.residentBytes).toBeGreaterThan(0);
  });
});

test("strangers are turned away and listings answered, of a ledger that was filled", async () => {
  const options = { storage: "memory", signingSecrets: 64, rows: 10_000 } as const;
  await withWorker(startOurs(upstream.url, options), async (worker) => {
    await measure(worker, strangers(MAX_BODY_BYTES), 2, 0.3);
    await measure(worker, forgeries(), 2, 0.3);
    await measure(worker, listings(worker.tokens[0]), 2, 0.3);
    const headers = { authorization: `Bearer ${worker.tokens[0]}` };
    const page = await fetch(`${worker.url}/v1/deliveries`, { headers });
    expect(await page.json()).toMatchObject({ deliveries: { length: 20 }, next: "9981" });
  });
});

test("a Worker that refuses what it is sent has no throughput", async () => {
  await withWorker(startOurs(upstream.url), async (worker) => {
    await expect(measure(worker, deliveries(["cs_wrong"]), 2, 0.3)).rejects.toThrow("status 200");
  });
});

test("a body has the length that was asked for", () => {
  expect(formatBody(100)).toHaveLength(100);
  expect(JSON.parse(formatBody(MAX_BODY_BYTES))).toMatchObject({ type: "new", name: "BENCH" });
});
