import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { checkHealth } from "./check-health.ts";
import { generateCredentials, type LocalCredentials } from "./credentials.ts";
import { checkPort } from "./port.ts";
import { type RunningWorker, startWranglerDev } from "./wrangler-dev.ts";

/** How to run the two. */
export interface LocalStackOptions {
  /** The Worker's; 0 for any free one. */
  readonly port: number;
  /** Calls the start off; a stack that runs is ended by `stop`. */
  readonly signal: AbortSignal;
  /** Default: fresh and random. */
  readonly credentials?: LocalCredentials;
  /** Takes each line the Worker writes once it is ready. */
  readonly onLine?: (line: string) => void;
}

/** The Worker and the stand-in upstream, running on this machine. */
export interface LocalStack {
  readonly workerUrl: string;
  readonly upstream: ElevenLabsLocalServer;
  readonly credentials: LocalCredentials;
  /** Fulfilled with false when the Worker ends without being asked to. */
  readonly ended: Promise<false>;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in upstream and, in front of it, the Worker. What the caller's environment says
 * of ElevenLabs is not used: nothing here reaches the real one.
 *
 * @throws {Error} if the port is taken, the Worker does not start, or it finds its configuration
 * broken; nothing is left running then
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { port, signal, credentials = await generateCredentials(), onLine } = options;
  if (port !== 0) await checkPort(port);
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
      LEDGER_KEY: credentials.ledgerKey,
    };
    worker = await startWranglerDev({ port, bindings, signal, ...(onLine && { onLine }) });
    await checkHealth(worker.url, signal);
    return { workerUrl: worker.url, upstream, credentials, ended: worker.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
