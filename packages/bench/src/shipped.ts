import { readFile } from "node:fs/promises";
import { bundleLines, bundleWorker, type Weight, weigh } from "./bundle.js";
import { BUILT_WORKER } from "./workers.js";

/** What something weighs that is shipped, by name. */
export interface Shipped extends Weight {
  readonly name: string;
}

/** What core takes of ky and valibot, without anything of its own. */
const LIBRARIES = `
  export { default as ky } from "ky";
  export { array, boolean, check, fallback, literal, nonEmpty, nullish, number, object, parse, pipe,
    safeParse, strictObject, string, transform, union } from "valibot";`;

/** Weighs the bundles: each whole Worker, and what a program gets with one import. */
export async function weighBundles(): Promise<Shipped[]> {
  const code: [string, Promise<Uint8Array>][] = [
    ["this Worker, whole", readFile(BUILT_WORKER)],
    ["a Worker with hono and zod", bundleWorker("hono-zod")],
    ["a Worker around the official SDK", bundleWorker("sdk")],
    ["core", bundleLines(`export * from "@convai-secrets/core";`)],
    ["ky and valibot, what core takes of them", bundleLines(LIBRARIES)],
    ["the official SDK", bundleLines(`export * from "@elevenlabs/elevenlabs-js";`)],
  ];
  return Promise.all(code.map(async ([name, bytes]) => ({ name, ...weigh(await bytes) })));
}
