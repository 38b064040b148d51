import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { PATHS } from "@convai-secrets/protocol";
import { type AccessProxy, startAccessProxy } from "@convai-secrets/testing/access-proxy";
import { checkHealth } from "./check-health.ts";
import { generateCredentials, type LocalCredentials } from "./credentials.ts";
import { checkPort } from "./port.ts";
import { type RunningWorker, startWranglerDev } from "./wrangler-dev.ts";

/** How to run the stack. */
export interface LocalStackOptions {
  /** The Worker's port. 0 is any free one. */
  readonly port: number;
  /** Cancels the start. A stack that runs is ended by `stop`. */
  readonly signal: AbortSignal;
  /** Default: generated. */
  readonly credentials?: LocalCredentials;
  /** Called with each line that the Worker writes after it is ready. */
  readonly onLine?: (line: string) => void;
}

/** The Worker, the local upstream and a stand-in for Cloudflare Access on this machine. */
export interface LocalStack {
  readonly workerUrl: string;
  /** The operator's page, through the stand-in for Cloudflare Access. */
  readonly operatorUrl: string;
  readonly upstream: ElevenLabsLocalServer;
  readonly credentials: LocalCredentials;
  /** Resolves to false if the Worker ends by itself. */
  readonly ended: Promise<false>;
  stop(): Promise<void>;
}

/**
 * Starts the local upstream and the Worker in front of it. ElevenLabs settings of the caller's
 * environment are not used, so no request reaches the real ElevenLabs.
 *
 * @throws {Error} if the port is in use, the Worker does not start, or its configuration is invalid.
 * Nothing is left running then.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { port, signal, credentials = await generateCredentials(), onLine } = options;
  if (port !== 0) await checkPort(port);
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [credentials.apiKey]: ["convai_write", "convai_read"] },
  });
  let worker: RunningWorker | undefined;
  let access: AccessProxy | undefined;
  const stop = async () => {
    await worker?.stop();
    await access?.stop();
    await upstream.close();
  };
  try {
    access = await startAccessProxy();
    const vars = { OPERATOR_ACCESS: access.binding };
    const bindings = {
      ELEVENLABS_API_KEY: credentials.apiKey,
      ELEVENLABS_BASE_URL: upstream.url,
      SENDERS: credentials.senders,
      LEDGER_KEY: credentials.ledgerKey,
    };
    worker = await startWranglerDev({ port, bindings, vars, signal, ...(onLine && { onLine }) });
    await checkHealth(worker.url, signal);
    access.protect(worker.url);
    return {
      workerUrl: worker.url,
      operatorUrl: access.url + PATHS.operator,
      upstream,
      credentials,
      ended: worker.ended,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
