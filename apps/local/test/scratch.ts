import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { markRun } from "./program.ts";

/** A folder for temporary files and a mark on processes, both looked through afterwards. */
export interface Scratch {
  /** For the programs under test. */
  readonly env: Record<string, string>;
  /** The processes and files that are still there. */
  listLeft(): Promise<string[]>;
}

/** Gives each test a fresh one, and removes its folder. */
export function useScratch(): () => Scratch {
  let folder = "";
  let scratch: Scratch | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "local-test-"));
    const { env, listLeft } = markRun();
    scratch = {
      env: { ...env, TMPDIR: folder },
      listLeft: async () => [...(await listLeft()), ...(await listOurs(folder))],
    };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return () => {
    if (scratch === undefined) throw new TypeError("only within a test");
    return scratch;
  };
}

async function listOurs(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith("convai-secrets-"));
}
