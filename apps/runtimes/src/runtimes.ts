import { createRequire } from "node:module";
import { CHROMIUM_LIMITS, DENO_LIMITS } from "./limits.ts";
import { chromium } from "./runners/chromium.ts";
import { findProgram } from "./runners/run-program.ts";
import { workerd } from "./runners/workerd.ts";
import type { Runtime } from "./runtime.ts";
import { installToolchain, pathOf, type ToolName } from "./toolchain.ts";

/** Access to this machine's network and to the environment, which holds the setting alone. */
const DENO_ARGS = [
  "run",
  "--no-prompt",
  "--no-remote",
  "--no-npm",
  "--no-config",
  "--cached-only",
  "--allow-net=127.0.0.1",
  "--allow-env",
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

/** The version of Node that this repository pins. */
const pinnedNode: Runtime = {
  name: "Node 24",
  find: () => findProgram(createRequire(import.meta.url).resolve("node/bin/node"), []),
};

/** The runtimes of `npm test`: they need no download. */
export const ALWAYS: readonly Runtime[] = [pinnedNode, workerd];

/** Every runtime. */
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
