/**
 * Reads the body of a request or response as bytes, up to a limit. It counts the bytes that arrive.
 *
 * If `Content-Length` is within the limit, the body is read at once, which is several times cheaper:
 * the message has no more bytes than that (RFC 9112, section 6.3), unless the runtime decompresses
 * them.
 *
 * @returns the bytes, or `undefined` if there are more than `limitBytes`; the rest is then cancelled
 * @throws if the body breaks off
 */
export async function readBody(
  message: Request | Response,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!isBounded(message.headers, limitBytes)) {
    // Reading `body` creates a stream, so it is not read if `arrayBuffer` will be.
    return message.body === null ? new Uint8Array() : readChunks(message.body, limitBytes);
  }
  const bytes = new Uint8Array(await message.arrayBuffer());
  return bytes.byteLength > limitBytes ? undefined : bytes;
}

function isBounded(headers: Headers, limitBytes: number): boolean {
  const length = headers.get("content-length");
  if (length === null || !/^\d+$/.test(length)) return false;
  return Number(length) <= limitBytes && !headers.has("content-encoding");
}

async function readChunks(
  body: ReadableStream<Uint8Array>,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limitBytes) {
      await reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
  return concatenate(chunks, length);
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
