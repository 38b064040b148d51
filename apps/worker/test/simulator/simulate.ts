import type { Existing } from "@convai-secrets/protocol";
import { EventQueue } from "./event-queue.ts";
import { InvariantWatcher, type Violation } from "./invariants.ts";
import type { Random } from "./random.ts";
import { type PlannedDelivery, SimulatedSender } from "./simulated-sender.ts";
import { SimulatedUpstream } from "./simulated-upstream.ts";
import { type Mutation, SimulatedWorker } from "./simulated-worker.ts";

/** What one simulation does. */
export interface SimulationOptions {
  readonly random: Random;
  readonly deliveries: number;
  readonly mutation?: Mutation;
  /** Called before each step, to follow a run. */
  readonly trace?: (at: number) => void;
}

export interface SimulationResult {
  readonly violations: readonly Violation[];
  /** How many deliveries ended in which way. */
  readonly ends: ReadonlyMap<string, number>;
  readonly steps: number;
}

const SETTLE_MS = 60_000;
const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

/** A name and who writes to it. */
interface NamePlan {
  readonly name: string;
  readonly policies: readonly [Existing, ...Existing[]];
  readonly hasForeign: boolean;
}

const SENDERS = ["ci", "vault", "crm"] as const;

/**
 * Runs the shipped ledger in a simulated world: senders, network, upstream, disk, crashes. Everything
 * that happens is drawn from `random`, so that the same draws replay a run step by step.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { random, deliveries, mutation = {} } = options;
  const queue = new EventQueue(START);
  const upstreamOptions = {
    uniqueNames: random.chance(0.3),
    settleMs: SETTLE_MS,
    faults: random.upTo(40) / 100,
  };
  const watcher: InvariantWatcher = new InvariantWatcher(
    () => queue.now,
    SETTLE_MS,
    (secretId) => upstream.secrets.get(secretId),
  );
  const upstream = new SimulatedUpstream(queue, random, upstreamOptions, watcher);
  const settings = { reconcile: true, settleMs: SETTLE_MS, retentionMs: 7 * 24 * 60 * MINUTE_MS };
  const worker = new SimulatedWorker(queue, random, upstream, settings, mutation);
  const sender = new SimulatedSender(queue, random, worker, watcher);
  const names = planNames(random);

  const endsAt = planDeliveries(deliveries, names, random, queue, { sender, upstream });
  const crash = () => {
    worker.crash();
    watcher.crashed();
  };
  planDisturbances(endsAt, names, random, queue, { worker, crash }, upstream);
  let steps = 0;
  const settle = async () => {
    for (;;) {
      await drain();
      options.trace?.(queue.now);
      if (!queue.step()) return;
      steps += 1;
    }
  };
  await settle();
  upstreamOptions.faults = 0;
  sender.finish();
  await settle();
  for (const { name, policies, hasForeign } of names) {
    const count = upstream.findAlive(name).length;
    const isShared = policies.includes("create") || hasForeign;
    if (count > 1 && !isShared) watcher.severalSecrets(name, count);
  }
  return { violations: watcher.violations, ends: sender.ends, steps };
}

/** Everything that waits for a promise runs before time goes on. */
function drain(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function planNames(random: Random): NamePlan[] {
  return Array.from({ length: 1 + random.upTo(4) }, (_, index) => {
    const name = `NAME_${index}`;
    if (random.chance(0.6)) return { name, policies: ["update"], hasForeign: false };
    if (random.chance(0.5)) {
      return { name, policies: ["update", "create", "reject"], hasForeign: false };
    }
    return { name, policies: ["adopt", "update", "reject"], hasForeign: true };
  });
}

function planDeliveries(
  count: number,
  names: readonly NamePlan[],
  random: Random,
  queue: EventQueue,
  { sender, upstream }: { readonly sender: SimulatedSender; readonly upstream: SimulatedUpstream },
): number {
  const sent: PlannedDelivery[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const [first] = names;
    const plan = names[random.upTo(names.length - 1)] ?? first;
    if (plan === undefined) break;
    const { name, policies } = plan;
    const [policy] = policies;
    const existing = policies[random.upTo(policies.length - 1)] ?? policy;
    const senderId = random.pick(SENDERS);
    const returned = random.chance(0.1) ? sent[random.upTo(sent.length - 1)] : undefined;
    const isReturn = returned?.id === undefined && returned !== undefined;
    const planned = isReturn
      ? returned
      : {
          senderId,
          existing,
          name,
          value: `${senderId}-${index}`,
          id: random.chance(0.6) ? `id-${index}` : undefined,
          secretId: undefined,
        };
    const isById = !isReturn && random.chance(0.15);
    if (!isById) sent.push(planned);
    queue.after(at, () => {
      const [secret] = isById ? upstream.findAlive(name) : [];
      sender.send({ ...planned, secretId: secret?.secretId });
    });
    at += random.chance(0.05) ? random.upTo(15 * MINUTE_MS) : random.upTo(20_000);
  }
  return at + 2 * MINUTE_MS;
}

/** Crashes, secrets that are deleted by hand, and secrets that someone else creates. */
function planDisturbances(
  endsAt: number,
  names: readonly NamePlan[],
  random: Random,
  queue: EventQueue,
  { worker, crash }: { readonly worker: SimulatedWorker; readonly crash: () => void },
  upstream: SimulatedUpstream,
): void {
  const minutes = endsAt / MINUTE_MS;
  for (let count = random.upTo(Math.ceil(minutes)); count > 0; count -= 1) {
    queue.after(random.upTo(Math.floor(endsAt)), () => {
      crash();
      queue.after(random.upTo(5_000), () => worker.start());
    });
  }
  if (random.chance(0.3)) queue.after(random.upTo(Math.floor(endsAt)), () => worker.rotateKey());
  for (const { name, hasForeign } of names) {
    if (hasForeign) upstream.addForeign(name);
    for (let count = random.upTo(2); count > 0; count -= 1) {
      queue.after(random.upTo(Math.floor(endsAt)), () => {
        const alive = upstream.findAlive(name);
        const secret = alive[random.upTo(Math.max(alive.length - 1, 0))];
        if (secret !== undefined) secret.deletedAt = queue.now;
      });
    }
  }
}
