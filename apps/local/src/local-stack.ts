import { once } from "node:events";
import { createServer } from "node:net";
import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { generateCredentials, type LocalCredentials } from "./credentials.js";
import { type RunningWorker, startWranglerDev } from "./wrangler-dev.js";

/** The Worker and the stand-in upstream, running on this machine. */
export interface LocalStack {
  readonly workerUrl: string;
  readonly upstream: ElevenLabsLocalServer;
  readonly credentials: LocalCredentials;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in upstream and, in front of it, the Worker with fresh random credentials.
 *
 * @param port the Worker's; 0 for any free one
 * @throws {Error} if the port is taken, the Worker does not start, or it finds its configuration broken
 */
export async function startLocalStack(
  port: number,
  onLine?: (line: string) => void,
): Promise<LocalStack> {
  if (port !== 0) await checkPort(port);
  const credentials = generateCredentials();
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [credentials.apiKey]: ["convai_write", "convai_read"] },
  });
  let worker: RunningWorker | undefined;
  const stop = async () => {
    await worker?.stop();
    await upstream.close();
  };
  try {
    const bindings = {
      ELEVENLABS_API_KEY: credentials.apiKey,
      ELEVENLABS_BASE_URL: upstream.url,
      SENDERS: credentials.senders,
    };
    worker = await startWranglerDev({ port, bindings, ...(onLine && { onLine }) });
    await checkHealth(worker.url);
    return { workerUrl: worker.url, upstream, credentials, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function checkPort(port: number): Promise<void> {
  const probe = createServer().listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch {
    throw new Error(`Port ${port} is in use. Set PORT to a free one: PORT=8899 npm start`);
  }
  probe.close();
  await once(probe, "close");
}

/** Passes on what the Worker finds wrong with its configuration: names and rules, no values. */
async function checkHealth(workerUrl: string): Promise<void> {
  const response = await fetch(`${workerUrl}/healthz`);
  if (response.ok) return;
  const { detail, errors = [] } = (await response.json()) as HealthProblem;
  const faults = errors.map(({ path, message }) => `  ${path} ${message}`);
  throw new Error([`${detail}:`, ...faults].join("\n"));
}

interface HealthProblem {
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
