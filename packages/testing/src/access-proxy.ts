import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startIssuer } from "./start-issuer.ts";

/** Who signs in, and where the proxy listens. */
export interface AccessProxyOptions {
  /** Default `operator@example.com`. */
  readonly user?: string;
  /** Default: a free one. */
  readonly port?: number;
}

/** A stand-in for Cloudflare Access on the loopback interface. */
export interface AccessProxy {
  /** The address that the operator opens. */
  readonly url: string;
  /** The Worker's binding OPERATOR_ACCESS, as JSON. */
  readonly binding: string;
  /** Signs an assertion as Access does. `undefined` omits a claim. */
  sign(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Sends all further requests to the Worker at this origin. */
  protect(origin: string): void;
  stop(): Promise<void>;
}

/**
 * Starts a proxy that signs each user in, and adds `cf-access-jwt-assertion` to each request as
 * Cloudflare Access does. The Worker verifies it with the keys that the proxy's team publishes.
 *
 * @example
 * ```ts
 * const access = await startAccessProxy();
 * const stack = await startTestStack({ env: { OPERATOR_ACCESS: access.binding } });
 * access.protect(stack.url);
 * await page.goto(`${access.url}/operator`);
 * ```
 * @see https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/application-token/
 */
export async function startAccessProxy({
  user = "operator@example.com",
  port = 0,
}: AccessProxyOptions = {}): Promise<AccessProxy> {
  const team = await startIssuer({ jwksPath: "/cdn-cgi/access/certs" });
  const aud = randomUUID().replaceAll("-", "");
  const sign = (claims: Readonly<Record<string, unknown>> = {}) =>
    team.sign({ aud: [aud], email: user, sub: randomUUID(), type: "app", ...claims });
  let target: string | undefined;
  const server = createServer(async (incoming, response) => {
    if (target === undefined) return void response.writeHead(502).end();
    forward(incoming, response, target, await sign());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    binding: JSON.stringify({ team: team.url, aud }),
    sign,
    protect(origin) {
      target = origin;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await Promise.all([once(server, "close"), team.stop()]);
    },
  };
}

/** Keeps `host`, so that the Worker sees the address that the browser shows. */
function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: string,
  assertion: string,
): void {
  const headers = { ...incoming.headers, "cf-access-jwt-assertion": assertion };
  const outgoing = request(
    new URL(incoming.url ?? "/", target),
    { method: incoming.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  outgoing.on("error", () => response.destroy());
  incoming.pipe(outgoing);
}
