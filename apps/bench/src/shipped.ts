import { readFile } from "node:fs/promises";
import { bundleLibrary, bundleWorker, type Weight, weigh } from "./bundle.ts";
import { BUILT_WORKER } from "./workers.ts";

/** What something weighs that is shipped, by name. */
export interface Shipped extends Weight {
  readonly name: string;
}

/** Weighs the bundles: each whole Worker, and what a program gets with one import. */
export async function weighBundles(): Promise<Shipped[]> {
  const code: [string, Promise<Uint8Array>][] = [
    ["this Worker, whole", readFile(BUILT_WORKER)],
    ["a Worker with hono and zod", bundleWorker("hono-zod")],
    ["a Worker around the official SDK", bundleWorker("sdk")],
    ["core", bundleLibrary("core")],
    ["ky and valibot, what core takes of them", bundleLibrary("ky-valibot")],
    ["the official SDK", bundleLibrary("sdk")],
  ];
  return Promise.all(code.map(async ([name, bytes]) => ({ name, ...weigh(await bytes) })));
}
