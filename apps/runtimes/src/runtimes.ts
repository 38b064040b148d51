import { createRequire } from "node:module";
import { CHROMIUM_LIMITS, DENO_LIMITS } from "./limits.ts";
import { chromium } from "./runners/chromium.ts";
import { findProgram } from "./runners/run-program.ts";
import { workerd } from "./runners/workerd.ts";
import type { Runtime } from "./runtime.ts";
import { installToolchain, pathOf, type ToolName } from "./toolchain.ts";

/** The network of this machine alone, and the one variable that the setting comes in. */
const DENO_ARGS = [
  "run",
  "--no-prompt",
  "--no-remote",
  "--no-npm",
  "--no-config",
  "--cached-only",
  "--allow-net=127.0.0.1",
  "--allow-env=SETTING",
];

function fromToolchain(name: string, tool: ToolName, args: readonly string[] = []): Runtime {
  return {
    name,
    async find() {
      const problem = await installToolchain();
      const found = await findProgram(pathOf(tool), args);
      return "missing" in found && problem !== undefined ? { missing: problem } : found;
    },
  };
}

/** The Node that the repository pins. */
const pinnedNode: Runtime = {
  name: "Node 24",
  find: () => findProgram(createRequire(import.meta.url).resolve("node/bin/node"), []),
};

/** The two of every run, in CI too. */
export const ALWAYS: readonly Runtime[] = [pinnedNode, workerd];

/** All of them. */
export const RUNTIMES: readonly Runtime[] = [
  fromToolchain("Node 20", "node20"),
  fromToolchain("Node 22", "node22"),
  pinnedNode,
  fromToolchain("Node 26", "node26"),
  workerd,
  fromToolchain("Bun", "bun"),
  { ...fromToolchain("Deno", "deno", DENO_ARGS), limits: DENO_LIMITS },
  { ...chromium, limits: CHROMIUM_LIMITS },
];
