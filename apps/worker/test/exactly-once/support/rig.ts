import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { generateSender, type Rig, startRig } from "../../node/rig.ts";

type Sender = ReturnType<typeof generateSender>;

/** A rig whose ledgers outlive its process, with the folder they are in. */
export interface PersistentRig extends Rig {
  readonly storage: string;
}

/** Where a file is made durable by a disk. */
export const DISK = tmpdir();

/**
 * Files in memory, where the system has them: they outlive a process as those on disk do. A busy disk
 * takes seconds to make a write durable; listings, which wait for that, then come too late.
 */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : DISK;

/** Starts a rig for one test; what it leaves behind goes with it. */
export async function startPersistent(
  env: Readonly<Record<string, string>> = {},
  parent = MEMORY,
): Promise<PersistentRig> {
  const folder = await mkdtemp(join(parent, "exactly-once-"));
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
