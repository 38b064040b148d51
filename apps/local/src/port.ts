import { once } from "node:events";
import { createServer } from "node:net";

const DEFAULT_PORT = 8787;
const MAX_PORT = 65_535;

/**
 * Reads the Worker's port from the environment; 0 is any free one.
 *
 * @throws {Error} if it is no port
 */
export function readPort(text = ""): number {
  if (text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new Error(`PORT must be a number from 0 (any free port) to ${MAX_PORT}`);
}

/**
 * Makes sure that a port can be listened on, before wrangler starts: it would choose another.
 *
 * @throws {Error} that says what is wrong and what to do
 */
export async function checkPort(port: number): Promise<void> {
  const probe = createServer().listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fault = code === "EADDRINUSE" ? "is in use" : `cannot be listened on (${code})`;
    throw new Error(`Port ${port} ${fault}. Set PORT to a free one: PORT=8899 npm start`);
  }
  probe.close();
  await once(probe, "close");
}
