import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { createElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { generateLedgerKey } from "@convai-secrets/protocol";
import { readRunSettings } from "@convai-secrets/testing/run-settings";
import { defineConfig } from "vitest/config";
import { API_KEY, SENDERS, STRAYS_URL, UPSTREAM_URL } from "./test/workerd/fixtures.ts";

// Tests send nothing to other machines.
process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";

process.env["ELEVENLABS_API_KEY"] = API_KEY;
process.env["SENDERS"] = JSON.stringify(SENDERS);
process.env["LEDGER_KEY"] = generateLedgerKey();

const upstream = createElevenLabsLocal({ apiKeys: { [API_KEY]: ["convai_write", "convai_read"] } });

const strays: string[] = [];

/** Handles every request out of workerd. Only those to the local upstream are expected. */
async function outboundService(request: Request): Promise<Response> {
  const { origin } = new URL(request.url);
  if (origin === UPSTREAM_URL) return upstream.fetch(request);
  // test/workerd/setup.ts reads them after each file and fails if there are any.
  if (origin === STRAYS_URL) return Response.json(strays.splice(0));
  strays.push(origin);
  throw new Error(`No test expects a request to ${origin}`);
}

const workerd = cloudflareTest({
  wrangler: { configPath: "./wrangler.jsonc" },
  miniflare: {
    bindings: {
      ELEVENLABS_BASE_URL: UPSTREAM_URL,
      SETTLE_SECONDS: "2",
    },
    outboundService: outboundService as never,
  },
});

const settings = readRunSettings();

export default defineConfig({
  test: {
    silent: "passed-only",
    projects: [
      {
        plugins: [workerd],
        test: {
          name: "workerd",
          provide: { settings },
          setupFiles: ["test/workerd/setup.ts"],
          include: ["{openapi,src}/**/*.test.ts", "test/{ledger,workerd}/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "node",
          provide: { settings },
          include: ["test/{node,simulator}/**/*.test.ts"],
          // The longer form simulates 10 million deliveries.
          testTimeout: process.env["SOAK"] === "1" ? 24 * 60 * 60 * 1_000 : 120_000,
        },
      },
    ],
  },
});
