import { connect, type Socket } from "node:net";
import { assertConforms } from "../support/assert-conforms.ts";

/** How long a connection that says nothing is waited for: longer than the Worker waits for anything. */
const PATIENCE_MS = 25_000;

/** Opens a connection to a Worker. */
export function open(origin: string): Socket {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  // What breaks off shows in what was read.
  socket.on("error", () => {});
  return socket;
}

/**
 * Sends bytes as they are, closes its side, and gives all that comes back until the other side closes.
 * An answer that the Worker itself gave is held against the OpenAPI document.
 *
 * @throws {Error} if nothing has closed the connection in time
 */
export async function sendRaw(origin: string, bytes: string | Uint8Array): Promise<string> {
  const socket = open(origin);
  socket.end(bytes);
  return readToEnd(socket, bytes);
}

/** Reads a connection until the other side closes it. */
export async function readToEnd(socket: Socket, sent: string | Uint8Array): Promise<string> {
  const chunks: Buffer[] = [];
  const closed = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    socket.destroy();
    closed.reject(new Error("The connection hangs"));
  }, PATIENCE_MS);
  socket.on("data", (chunk) => chunks.push(chunk)).on("close", () => closed.resolve());
  await closed.promise.finally(() => clearTimeout(timer));
  const text = Buffer.concat(chunks).toString("latin1");
  await checkAnswer(Buffer.from(sent).toString("latin1"), text);
  return text;
}

/** The first answer on a connection, if it is the Worker's own and not the HTTP server's. */
async function checkAnswer(sent: string, text: string): Promise<void> {
  const [, method = "", path = ""] = /^([^ ]+) (?:http:\/\/[^/ ]+)?(\/[^ ?#]*)/.exec(sent) ?? [];
  const [, host = ""] = /^host: *(.*)\r$/im.exec(sent) ?? [];
  // With a Host that makes no URL nothing is found, whatever the path.
  const url = URL.parse(`http://${host}${path}`)?.pathname ?? "/";
  const [head = "", body = ""] = text.split("\r\n\r\n", 2);
  const [line = "", ...fields] = head.split("\r\n");
  if (!/^x-request-id:/im.test(head)) return;
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  const status = Number(line.split(" ")[1]);
  const length = Number(new Headers(headers).get("content-length") ?? body.length);
  const response = new Response(body.slice(0, length), { status, headers });
  await assertConforms(method, url, response);
}
