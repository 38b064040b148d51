import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { generateLedgerKey } from "@convai-secrets/protocol";
import { BUILT_WORKER, createTestSender, readAnswer, startWorkerd } from "@convai-secrets/testing";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WORKER_FOLDER } from "../support/folders.ts";
import { watchAnswers } from "../support/watch-answers.ts";

let folder: string;
let next: string;
const upstream = await serveElevenLabsLocal();
const { token, policy } = await createTestSender("versions");
const LEDGER_KEY = generateLedgerKey();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "versions-"));
  next = join(folder, "next.js");
  await buildNext(next);
});
afterAll(async () => {
  await upstream.close();
  await rm(folder, { recursive: true });
});

/** Builds the Worker after this one: it adds to the tables, and writes what it added. */
async function buildNext(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(WORKER_FOLDER, "src/index.ts")],
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*"],
    outfile,
    plugins: [
      {
        name: "next-version",
        setup({ onLoad }) {
          onLoad({ filter: /ledger\/store\/schema\.ts$/ }, async ({ path }) => ({
            contents: addUpgrade(await readFile(path, "utf8")),
            loader: "ts",
          }));
          onLoad({ filter: /ledger\/store\/delivery-store\.ts$/ }, async ({ path }) => ({
            contents: addUse(await readFile(path, "utf8")),
            loader: "ts",
          }));
        },
      },
    ],
  });
}

/** Adds a column, a table and an index to the ledger of the version before. */
function addUpgrade(source: string): string {
  const renamed = source.replace("export function prepareSchema", "function prepareFirst");
  if (renamed === source) throw new Error("schema.ts has changed");
  return `${renamed}
export function prepareSchema(storage: LedgerStorage): void {
  prepareFirst(storage);
  const [row] = storage.sql.exec("SELECT value FROM meta WHERE key = 'schema_version'").toArray();
  if (row?.value !== "1") return;
  storage.transactionSync(() => {
    storage.sql.exec("ALTER TABLE deliveries ADD COLUMN note TEXT NOT NULL DEFAULT 'none'");
    storage.sql.exec("CREATE TABLE notes (id TEXT PRIMARY KEY) STRICT");
    storage.sql.exec("CREATE INDEX deliveries_by_note ON deliveries (note)");
    storage.sql.exec("UPDATE meta SET value = '2' WHERE key = 'schema_version'");
  });
}`;
}

/** Writes the new column. */
function addUse(source: string): string {
  const used = source.replace(
    "  find({ senderId, id }: DeliveryKey): Delivery | undefined {",
    `$&\n    const note = "UPDATE deliveries SET note = 'seen' WHERE sender = ? AND id = ?";
    this.#sql.exec(note, senderId, id);`,
  );
  if (used === source) throw new Error("delivery-store.ts has changed");
  return used;
}

/** Runs a version of the Worker on the one storage for a while. */
async function runVersion(script: string, use: (origin: string) => Promise<void>): Promise<void> {
  const worker = await startWorkerd({
    script,
    env: {
      ELEVENLABS_API_KEY: "local-api-key",
      ELEVENLABS_BASE_URL: upstream.url,
      LEDGER_KEY,
      SENDERS: JSON.stringify([policy]),
      SETTLE_SECONDS: "60",
    },
    durableObjects: { LEDGER: "Ledger" },
    storage: join(folder, "storage"),
  });
  watchAnswers(worker.url);
  await use(worker.url).finally(() => worker.kill("SIGTERM"));
}

async function deliver(origin: string, id: string, value = "v") {
  const response = await fetch(`${origin}/v1/convai/secrets`, {
    method: "POST",
    headers: { "xi-api-key": token, "content-type": "application/json", "idempotency-key": id },
    body: JSON.stringify({ type: "new", name: `NAME_${id}`, value }),
  });
  return readAnswer(response);
}

/** The schema's number, and what the next version noted, as the file on the disk has it. */
async function readLedger(): Promise<{ version: unknown; notes: unknown }> {
  const files = await readdir(join(folder, "storage"), { recursive: true });
  const file = files.find((name) => /^Ledger\/(?!metadata).*\.sqlite$/.test(name));
  const ledger = new DatabaseSync(join(folder, "storage", file ?? ""));
  try {
    const query = "SELECT value FROM meta WHERE key = 'schema_version'";
    const version = Number(ledger.prepare(query).get()?.["value"]);
    const { notes } =
      version === 1
        ? { notes: undefined }
        : (ledger.prepare("SELECT count(*) AS notes FROM deliveries WHERE note = 'seen'").get() ??
          {});
    return { version, notes };
  } finally {
    ledger.close();
  }
}

test("two versions with different schemas take turns on one ledger, and nothing is lost or sent twice", async () => {
  const ids: string[] = [];
  const secretIds = new Map<string, unknown>();

  /** Delivers something new, then everything so far again. */
  const takeTurn = async (origin: string) => {
    const id = `turn-${ids.length}`;
    const { status, body } = await deliver(origin, id);
    expect(status).toBe(200);
    ids.push(id);
    secretIds.set(id, body["secret_id"]);
    for (const each of ids) {
      const again = await deliver(origin, each);
      expect(again).toMatchObject({ status: 200, replayed: true });
      expect(again.body["secret_id"]).toBe(secretIds.get(each));
      expect((await deliver(origin, each, "other")).body["code"]).toBe("idempotency_key_reused");
    }
    const headers = { "xi-api-key": token };
    const list = await readAnswer(await fetch(`${origin}/v1/deliveries`, { headers }));
    const deliveries = list.body["deliveries"] as { id: string }[];
    expect(deliveries.map(({ id }) => id)).toEqual(ids.toReversed());
  };

  await runVersion(BUILT_WORKER, takeTurn);
  expect(await readLedger()).toMatchObject({ version: 1 });
  await runVersion(next, takeTurn);
  expect(await readLedger()).toMatchObject({ version: 2, notes: 2 });
  // Rolled back: the older code works on what the newer left.
  await runVersion(BUILT_WORKER, takeTurn);
  expect(await readLedger()).toMatchObject({ version: 2 });
  await runVersion(next, takeTurn);
  expect(await readLedger()).toMatchObject({ version: 2, notes: 4 });
  expect(upstream.upstream.received().POST).toBe(4);
});

const findStored = (id: string) =>
  upstream.upstream.secrets().find(({ name }) => name === `NAME_${id}`);

test("an outcome that one version leaves unknown is settled by the other", async () => {
  for (const [first, second, id] of [
    [BUILT_WORKER, next, "left-to-the-next"],
    [next, BUILT_WORKER, "left-to-the-last"],
  ] as const) {
    await runVersion(first, async (origin) => {
      const name = `NAME_${id}`;
      upstream.upstream.inject({ kind: "answer", status: 502, store: { afterMs: 1_500 }, name });
      expect((await deliver(origin, id)).status).toBe(502);
    });
    await vi.waitFor(() => expect(findStored(id)).toBeDefined(), 10_000);
    await runVersion(second, async (origin) => {
      const answer = await deliver(origin, id);
      expect(answer.status).toBe(200);
      expect(answer.body["secret_id"]).toBe(findStored(id)?.secret_id);
    });
    expect(upstream.upstream.received().postsByName[`NAME_${id}`]).toBe(1);
  }
});
