import { MAX_BODY_BYTES } from "@convai-secrets/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as contenders from "./contenders.ts";
import { measure } from "./load.ts";
import { deliveries, forgeries, formatBody, listings, unauthenticated, updates } from "./loads.ts";
import { measureParts } from "./profile.ts";
import { startOurs, startUpstream, withWorkers } from "./workers.ts";

/** Long enough for answers on a machine that does much else. */
const SECONDS = 2;

let upstream: Awaited<ReturnType<typeof startUpstream>>;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.kill());

test.each(Object.values(contenders))("the contender $name stores deliveries", async ({ start }) => {
  await withWorkers([start(upstream.url)], async ([worker]) => {
    if (worker === undefined) return;
    const load = deliveries(worker.tokens);
    const { path, ...first } = load.next();
    expect(await (await fetch(worker.url + path, first)).json()).toMatchObject({ type: "stored" });
    const measured = await measure(worker, load, 4, SECONDS);
    expect(measured.p99Ms).toBeGreaterThanOrEqual(measured.p50Ms);
    expect(measured.residentBytes).toBeGreaterThan(0);
  });
});

test("unauthenticated requests are rejected and pages listed by a ledger that was filled", async () => {
  const options = { storage: "memory", signingSecrets: 64, rows: 10_000 } as const;
  await withWorkers([startOurs(upstream.url, options)], async ([worker]) => {
    if (worker === undefined) return;
    await measure(worker, listings(worker.tokens[0]), 2, SECONDS);
    const headers = { authorization: `Bearer ${worker.tokens[0]}` };
    const page = await fetch(`${worker.url}/v1/deliveries?limit=20`, { headers });
    expect(await page.json()).toMatchObject({ deliveries: { length: 20 }, next: /^\d+$/ });
    await measure(worker, unauthenticated(MAX_BODY_BYTES), 2, SECONDS);
    await measure(worker, forgeries(2), 2, SECONDS);
  });
});

test("a rotation keeps the secret_id of each name", async () => {
  const options = { storage: "memory", reconcile: true, existing: "update" } as const;
  await withWorkers([startOurs(upstream.url, options)], async ([worker]) => {
    if (worker === undefined) return;
    const load = updates(worker.tokens, 1);
    const results: unknown[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { path, ...request } = load.next();
      const response = await fetch(worker.url + path, request);
      const { secret_id } = (await response.json()) as { secret_id: string };
      results.push([response.headers.get("convai-secrets-result"), secret_id]);
    }
    expect(results).toEqual([
      ["created", "id_ROTATED_0"],
      ["updated", "id_ROTATED_0"],
      ["updated", "id_ROTATED_0"],
    ]);
  });
});

test("the profile gives shares to the parts of this Worker", async () => {
  const effort = { processes: 1, rounds: 1, seconds: SECONDS, warmUpSeconds: SECONDS };
  const { table } = await measureParts({
    upstreamUrl: upstream.url,
    slowUpstreamUrl: upstream.url,
    effort,
  });
  const shares = new Map(
    table.rows.map(([part = "", share = ""]) => [part, Number.parseInt(share, 10)]),
  );
  expect(shares.get("ky")).toBeGreaterThan(0);
  expect(shares.get("ledger: SQL")).toBeGreaterThan(0);
  const sum = [...shares.values()].reduce((total, share) => total + share, 0);
  expect(sum).toBeGreaterThan(90);
  expect(sum).toBeLessThan(110);
});

test("a Worker that rejects what it is sent has no throughput", async () => {
  await withWorkers([startOurs(upstream.url)], async ([worker]) => {
    if (worker === undefined) return;
    await expect(measure(worker, deliveries(["cs_wrong"]), 2, SECONDS)).rejects.toThrow(
      "status 200",
    );
  });
});

test("a body has the length that was asked for", () => {
  expect(formatBody("BENCH", 100)).toHaveLength(100);
  expect(JSON.parse(formatBody("BENCH", MAX_BODY_BYTES))).toMatchObject({ type: "new" });
});
