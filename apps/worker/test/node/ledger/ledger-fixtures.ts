import { SecretsApiError } from "@convai-secrets/core";
import { DAY_MS } from "../../../src/configuration/bindings.ts";
import type {
  DeliveryContent,
  DeliveryOutcome,
  UpstreamFailure,
} from "../../../src/ledger/delivery-outcome.ts";
import { RULES } from "../../../src/ledger/rules.ts";
import { LedgerStore } from "../../../src/ledger/store/ledger-store.ts";
import { transition } from "../../../src/ledger/transition.ts";
import type { CallEnd, Listing, Upstream } from "../../../src/ledger/upstream.ts";
import { describeFailure } from "../../../src/ledger/upstream-failure.ts";
import { WorkspaceLedger } from "../../../src/ledger/workspace-ledger.ts";
import { NodeStorage } from "../../simulator/node-storage.ts";
import { takeSimulatedFingerprints } from "../../simulator/simulated-fingerprints.ts";

export const NAME = "CRM_TOKEN";

/** How a call of {@link createLedger}'s upstream ends. The default stores the value and answers. */
export type Script = (value: string) => "works" | UpstreamFailure;

/** A ledger on SQLite with an upstream in memory and a clock that stands still until it is set. */
export function createLedger() {
  const storage = new NodeStorage();
  const secrets: { readonly secretId: string; readonly name: string; value: string }[] = [];
  const calls: string[] = [];
  const world = {
    now: Date.UTC(2026, 10, 1),
    /** The names of the ledger keys, newer first. */
    keys: ["key 1"] as [string, ...string[]],
    script: (() => "works") as Script,
    listing: undefined as Listing | undefined,
    reconcile: true,
    /** Listings wait for it. */
    pause: Promise.resolve(),
  };
  const call = async (
    line: string,
    { beforeLeaving }: { beforeLeaving: () => Promise<void> },
    value: string,
    apply: () => { readonly secretId: string; readonly name: string },
  ): Promise<CallEnd> => {
    await beforeLeaving();
    calls.push(line);
    const end = world.script(value);
    if (end !== "works" && end.outcome === "not_applied") return { kind: "failed", failure: end };
    const { secretId, name } = apply();
    if (end !== "works") return { kind: "failed", failure: end };
    return { kind: "answered", secret: { type: "stored", secret_id: secretId, name } };
  };
  const upstream: Upstream = {
    create: ({ name, value }, options) =>
      call(`POST ${value}`, options, value, () => {
        const secret = { secretId: `sec_${secrets.length + 1}`, name, value };
        secrets.push(secret);
        return secret;
      }),
    update: (secretId, { name, value }, options) =>
      call(`PATCH ${secretId} ${value}`, options, value, () => ({ secretId, name })),
    list: async (name) => {
      await world.pause;
      const ids = secrets.filter((secret) => secret.name === name).map(({ secretId }) => secretId);
      return world.listing ?? { kind: "listed", ids, similar: [], unreadable: false };
    },
  };
  const open = () => {
    const store = new LedgerStore(storage);
    const clock = {
      now: () => world.now,
      sleep: (ms: number) => {
        world.now += ms;
        return { done: Promise.resolve(), cancel: () => undefined };
      },
    };
    const ledger = new WorkspaceLedger({
      store,
      clock,
      durable: async () => undefined,
      transition,
      rules: RULES,
    });
    return { store, ledger };
  };
  let { store, ledger } = open();
  return {
    world,
    secrets,
    calls,
    store: () => store,
    /** Ends the object and starts another one on the same storage. */
    restart: () => {
      storage.commit();
      ({ store, ledger } = open());
    },
    deliver: async (
      id: string | undefined,
      content: DeliveryContent,
      dryRun = false,
    ): Promise<DeliveryOutcome> => {
      const { outcome } = await ledger.deliver(
        { senderId: "ci", id, content, dryRun },
        {
          host: "api.elevenlabs.example",
          upstream,
          takeFingerprints: takeSimulatedFingerprints(world.keys),
          reconcile: world.reconcile,
          settleMs: 60_000,
          retentionMs: 7 * DAY_MS,
        },
      );
      return outcome;
    },
  };
}

export function post(
  value: string,
  existing: DeliveryContent["existing"] = "update",
): DeliveryContent {
  return { operation: "create", existing, name: NAME, value };
}

export function patch(secretId: string, value: string): DeliveryContent {
  return { operation: "update", existing: "update", secretId, name: NAME, value };
}

/** A call without an answer. */
export const LOST = describeFailure(new SecretsApiError("timed_out", { outcome: "unknown" }));

/** A call that the upstream did not take. */
export const RATE_LIMITED = describeFailure(
  new SecretsApiError("rate_limited", { outcome: "not_applied", status: 429 }),
);

/** A script of single ends, then everything works. */
export function inOrder(...ends: (UpstreamFailure | "works")[]): Script {
  return () => ends.shift() ?? "works";
}
