import { readFile } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { BUILT_WORKER } from "@convai-secrets/testing";
import { measure } from "./load.ts";
import { deliveries } from "./loads.ts";
import { CONNECTIONS, type Section, type Setting } from "./section.ts";
import { startOurs, withWorkers } from "./workers.ts";

const SAMPLE_MICROSECONDS = 250;

/** The parts of the Worker by the folders of their source; the first that fits counts. */
const PARTS = [
  ["ky", /node_modules\/ky\//],
  ["valibot", /node_modules\/valibot\//],
  ["core: the call and the check of its answer", /packages\/core\//],
  ["auth", /src\/auth\//],
  ["body, delivery id and name", /src\/request\/|packages\/protocol\//],
  ["ledger: SQL", /src\/ledger\/store\//],
  ["ledger: fingerprint", /src\/ledger\/fingerprint/],
  ["ledger: order, state machine, write queue", /src\/ledger\//],
  ["configuration", /src\/configuration/],
  ["log line", /src\/log/],
  ["routes and the call of the object", /src\//],
] as const;

const OTHER = "workerd itself";

/** A part of a CPU profile as the inspector gives it. */
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

/** Finds out which part of this Worker spends the CPU time of a delivery. */
export async function measureParts({ upstreamUrl, effort }: Setting): Promise<Section> {
  let shares = new Map<string, number>();
  const seconds = effort.seconds * effort.rounds;
  const starting = startOurs(upstreamUrl, { storage: "memory", inspector: true });
  await withWorkers([starting], async ([worker]) => {
    if (worker?.inspectorUrl === undefined) throw new Error("workerd has no inspector");
    const load = deliveries(worker.tokens);
    await measure(worker, load, CONNECTIONS, effort.warmUpSeconds);
    const profile = await takeProfile(worker.inspectorUrl, () =>
      measure(worker, load, CONNECTIONS, seconds),
    );
    shares = await divide(profile);
  });
  const rows = [...shares]
    .sort(([, one], [, other]) => other - one)
    .map(([part, share]) => [part, `${(share * 100).toFixed(0)} %`]);
  return {
    title: "Where the CPU time goes",
    text: "Shares of the thread that runs this Worker and its object, by V8's sampling profiler. What the platform does for a part, such as hashing or SQLite's work, counts for the part.",
    table: { head: ["", "share"], rows },
  };
}

async function takeProfile(inspectorUrl: string, run: () => Promise<unknown>): Promise<Profile> {
  const targets = (await (await fetch(`${inspectorUrl}/json`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? "");
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("The inspector cannot be reached")));
  });
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
    waiting.get(id)?.(result);
  });
  const send = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await send("Profiler.enable");
  await send("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
  await send("Profiler.start");
  await run();
  const { profile } = (await send("Profiler.stop")) as { profile: Profile };
  socket.close();
  return profile;
}

/** Gives each sample to the part of the innermost function that has one. */
async function divide({ nodes, samples, timeDeltas }: Profile): Promise<Map<string, number>> {
  const payload: SourceMapPayload = JSON.parse(await readFile(`${BUILT_WORKER}.map`, "utf8"));
  const map = new SourceMap(payload);
  const findOwnPart = ({ callFrame }: ProfileNode): string | undefined => {
    const { functionName, url, lineNumber, columnNumber } = callFrame;
    if (functionName === "(garbage collector)") return "garbage collection";
    if (!url.endsWith("worker.js")) return undefined;
    const entry = map.findEntry(lineNumber, columnNumber);
    const source = "originalSource" in entry ? entry.originalSource : "";
    return PARTS.find(([, pattern]) => pattern.test(source))?.[0];
  };
  const parts = new Map<number, string | undefined>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (node: ProfileNode, outer: string | undefined): void => {
    const part = findOwnPart(node) ?? outer;
    parts.set(node.id, part);
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      if (next !== undefined) visit(next, part);
    }
  };
  const [root] = nodes;
  if (root !== undefined) visit(root, undefined);
  const times = new Map<string, number>();
  for (const [index, sample] of samples.entries()) {
    if (byId.get(sample)?.callFrame.functionName === "(idle)") continue;
    const part = parts.get(sample) ?? OTHER;
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return new Map([...times].map(([part, time]) => [part, time / total]));
}
