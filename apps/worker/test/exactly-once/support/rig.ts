import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { generateSender, type Rig, startRig } from "../../node/rig.js";

type Sender = ReturnType<typeof generateSender>;

/** A rig whose ledgers are on disk, with the folder they are in. */
export interface DiskRig extends Rig {
  readonly storage: string;
}

/** Starts a rig for one test; what it leaves on the disk goes with it. */
export async function startOnDisk(env: Readonly<Record<string, string>> = {}): Promise<DiskRig> {
  const folder = await mkdtemp(join(tmpdir(), "exactly-once-"));
  const storage = join(folder, "storage");
  const rig = await startRig(env, storage);
  onTestFinished(async () => {
    await rig.stop();
    await rm(folder, { recursive: true });
  });
  return { ...rig, storage };
}

/** Senders besides the rig's own, and the SENDERS document that lets them in. */
export function generateSenders(...ids: readonly [string, ...string[]]) {
  const senders = ids.map(generateSender) as [Sender, ...Sender[]];
  return { senders, document: JSON.stringify(senders.map(({ sender }) => sender)) };
}
