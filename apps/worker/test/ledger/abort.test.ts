import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { inject, lookUp } from "../workerd/upstream.ts";
import { create, secretBody, uniqueName } from "../workerd/worker.ts";

const SENDER = "main";

/** Delivers into a ledger that the platform resets, as it does for a new version, during the call. */
async function deliverAndReset(store: boolean) {
  const ledger = crypto.randomUUID();
  const name = `TEST_${ledger}`;
  const deliver = async () => {
    const secret = { type: "new", name, value: "v" } as const;
    // A stub that met an exception is broken: each delivery makes its own, as the Worker does.
    const stub = env.LEDGER.getByName(ledger);
    return (await stub.deliver({ senderId: SENDER, id: "id", secret })).delivered;
  };
  await inject({ kind: "hang", store, name });
  const first = deliver().catch(() => "reset");
  await vi.waitFor(async () => expect((await lookUp(name)).posts).toBe(1));
  await runInDurableObject(env.LEDGER.getByName(ledger), (_, state) => {
    expect(readStates(state)).toEqual(["pending"]);
    state.abort("reset");
  }).catch(() => {});
  expect(await first).toBe("reset");
  return { ledger, name, deliver };
}

function readStates({ storage }: DurableObjectState): string[] {
  const rows = storage.sql.exec<{ state: string }>("SELECT state FROM deliveries").toArray();
  return rows.map(({ state }) => state);
}

test("an object reset between record and outcome finds by listing what its call stored", async () => {
  const { name, deliver } = await deliverAndReset(true);
  const { secrets } = await lookUp(name);
  expect(await deliver()).toMatchObject({
    kind: "stored",
    secret: { secret_id: secrets[0]?.secret_id },
    replayed: false,
  });
  expect((await lookUp(name)).posts).toBe(1);
});

test("an object reset between record and outcome takes a call nobody owns for unknown, not for none", async () => {
  const { ledger, name, deliver } = await deliverAndReset(false);
  const unsettled = await deliver();
  expect(unsettled).toEqual({ kind: "unsettled", settlesInMs: expect.any(Number) });
  const states = await runInDurableObject(env.LEDGER.getByName(ledger), (_, state) =>
    readStates(state),
  );
  expect(states).toEqual(["unknown"]);
  expect(await deliver()).toMatchObject({ kind: "unsettled" });
  expect((await lookUp(name)).posts).toBe(1);
});

test("a caller whose object is reset during its call is told to ask again, with the same id", async () => {
  const name = uniqueName();
  await inject({ kind: "hang", name });
  const answer = create(secretBody(name), { "idempotency-key": name });
  await vi.waitFor(async () => expect((await lookUp(name)).posts).toBe(1));
  await runInDurableObject(env.LEDGER.getByName("main"), (_, state) => state.abort("reset")).catch(
    () => {},
  );
  const { status, body, headers } = await answer;
  expect([status, body["code"], headers.get("retry-after")]).toEqual([
    503,
    "outcome_unsettled",
    "5",
  ]);
});
