import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ConnectionDroppedError } from "./connection.ts";
import {
  createElevenLabsLocal,
  type ElevenLabsLocal,
  type ElevenLabsLocalOptions,
} from "./elevenlabs-local.ts";

/** Where to listen, and the state of the new workspace. */
export interface ServeOptions extends ElevenLabsLocalOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
}

/** A local upstream that listens on a port. */
export interface ElevenLabsLocalServer {
  /** Its origin, such as `http://127.0.0.1:4010`; the base URL for an SDK. */
  readonly url: string;
  readonly upstream: ElevenLabsLocal;
  /** Stops listening and closes all connections. */
  close(): Promise<void>;
}

/** With Node's default of 5 s, clients can reuse a connection that is just being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 60_000;

/**
 * Starts a local upstream as a server. Faults that drop a connection close the real socket.
 *
 * @throws if the port is in use
 */
export async function serveElevenLabsLocal({
  port = 0,
  host = "127.0.0.1",
  ...options
}: ServeOptions = {}): Promise<ElevenLabsLocalServer> {
  const upstream = createElevenLabsLocal(options);
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    fetch: async (request, { incoming }) => {
      const connection = { destroy: () => incoming.socket.destroySoon() };
      try {
        return await upstream.fetch(request, { connection });
      } catch (error) {
        if (error instanceof ConnectionDroppedError) return RESPONSE_ALREADY_SENT;
        throw error;
      }
    },
  });
  server.listen(port, host);
  await once(server, "listening");

  const address = server.address();
  const boundPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host}:${boundPort}`,
    upstream,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}
