import { readFile } from "node:fs/promises";
import { BUILT_WORKER } from "@convai-secrets/testing";
import { bundleLibrary, bundleWorker, type Weight, weigh } from "./bundle.ts";
import type { Section } from "./section.ts";
import { measureStartUp } from "./start-up.ts";
import { formatNumber } from "./table.ts";

/** The size of something that is shipped. */
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
    ["ky and valibot, as core imports them", bundleLibrary("ky-valibot")],
    ["the official SDK", bundleLibrary("sdk")],
  ];
  return Promise.all(code.map(async ([name, bytes]) => ({ name, ...weigh(await bytes) })));
}

/** Weighs the bundles and times the start of each Worker. */
export async function measureShipped(startUpRounds: number): Promise<Section> {
  const startUp = await measureStartUp(startUpRounds);
  const kibibytes = (bytes: number) => (bytes / 1024).toFixed(1);
  return {
    title: "Size and start",
    text: "Minified bundles, and how long a Worker's top level runs before its first request, by `wrangler check startup`.",
    table: {
      head: ["", "minified KiB", "gzip KiB", "start-up ms"],
      rows: (await weighBundles()).map(({ name, bytes, gzipBytes }) => [
        name,
        kibibytes(bytes),
        kibibytes(gzipBytes),
        formatNumber(startUp.find((time) => time.name === name)?.ms),
      ]),
    },
  };
}
