import { once } from "node:events";
import { createServer } from "node:net";

/** A port of the loopback interface on which no server listens. */
export async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  return address.port;
}
