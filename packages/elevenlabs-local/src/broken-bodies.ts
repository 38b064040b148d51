import { setTimeout as wait } from "node:timers/promises";
import { type Connection, ConnectionDroppedError } from "./connection.ts";
import type { EndlessBodyFault } from "./fault.ts";

const CHUNK_BYTES = 64 * 1024;
const DRIP_BYTES = 1024;
/** Time for written bytes to be sent before the connection closes. */
const FLUSH_MS = 20;

const encoder = new TextEncoder();

/** White space, or the inside of a JSON string, until the caller stops reading. */
export function endlessBody({ of = "whitespace", everyMs }: EndlessBodyFault): ReadableStream {
  const filler = (of === "whitespace" ? " " : "a").repeat(
    everyMs === undefined ? CHUNK_BYTES : DRIP_BYTES,
  );
  const chunk = encoder.encode(filler);
  return new ReadableStream({
    start(controller) {
      if (of === "letters") controller.enqueue(encoder.encode('{"type":"stored","secret_id":"'));
    },
    async pull(controller) {
      if (everyMs !== undefined) await wait(everyMs);
      controller.enqueue(chunk);
    },
  });
}

/** The first half of a text; then the connection closes. Without a connection, the stream fails. */
export function truncatedBody(text: string, connection: Connection | undefined): ReadableStream {
  const bytes = encoder.encode(text);
  let isSent = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isSent) {
        isSent = true;
        controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)));
        return;
      }
      await wait(FLUSH_MS);
      if (connection === undefined) controller.error(new ConnectionDroppedError());
      else connection.destroy();
    },
  });
}

/** A gzipped text after white space, `bytes` bytes long when unpacked. */
export function gzipBomb(bytes: number, text: string): ReadableStream {
  const ending = new Uint8Array(encoder.encode(text));
  const filler = new Uint8Array(encoder.encode(" ".repeat(CHUNK_BYTES)));
  let left = bytes - ending.length;
  const padded = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (left > 0) {
        controller.enqueue(filler.subarray(0, left));
        left -= CHUNK_BYTES;
        return;
      }
      controller.enqueue(ending);
      controller.close();
    },
  });
  return padded.pipeThrough(new CompressionStream("gzip"));
}
