import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ratios, type Spread, summarize } from "./statistics.ts";

/** How long an import takes in a new Node.js process. */
export interface ImportTime {
  readonly name: string;
  readonly ms: Spread;
  /** To the import of ky and valibot in the same round. */
  readonly ratio: Spread;
}

/** The packages that are compared in Node.js. Ratios are to the first. */
export const NODE_LIBRARIES = [
  { name: "ky and valibot themselves", packages: ["ky", "valibot"] },
  { name: "core", packages: ["@convai-secrets/core"] },
  { name: "client", packages: ["@convai-secrets/client"] },
  { name: "the official SDK", packages: ["@elevenlabs/elevenlabs-js"] },
] as const;

/** Times each import in turn, every time in a new process. */
export async function measureImports(rounds: number): Promise<ImportTime[]> {
  const times: number[][] = NODE_LIBRARIES.map(() => []);
  // The first import also reads the files from the disk.
  for (const { packages } of NODE_LIBRARIES) await timeImport(packages);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { packages }] of NODE_LIBRARIES.entries()) {
      times[index]?.push(await timeImport(packages));
    }
  }
  return NODE_LIBRARIES.map(({ name }, index) => {
    const [all = [], base = []] = [times[index], times[0]];
    return { name, ms: summarize(all), ratio: summarize(ratios(all, base)) };
  });
}

async function timeImport(modules: readonly string[]): Promise<number> {
  const code = `const start = performance.now();
    ${modules.map((name) => `await import(${JSON.stringify(name)});`).join("\n")}
    console.log(performance.now() - start);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", code],
    { cwd: import.meta.dirname },
  );
  return Number(stdout);
}
