import { readBody } from "@convai-secrets/core/internal";
import { MAX_BODY_BYTES, MAX_BODY_MS } from "@convai-secrets/protocol";
import { Problem } from "../problem.ts";
import { withTimeLimit } from "./time-limit.ts";

/**
 * Reads the raw body, at most MAX_BODY_BYTES. The limit counts the bytes that are read, whatever
 * `content-length` says.
 *
 * @throws {Problem} `payload_too_large`; `request_timeout` if the body takes longer than
 * MAX_BODY_MS; `malformed_body` if the connection ends before the body does
 */
export async function readRequestBody(request: Request): Promise<Uint8Array> {
  const reading = readBody(request, MAX_BODY_BYTES).catch(() => {
    throw new Problem("malformed_body", "The body ended before it was complete");
  });
  const bytes = await withTimeLimit(reading, MAX_BODY_MS, timedOut);
  if (bytes !== undefined) return bytes;
  throw new Problem("payload_too_large", `The body must not exceed ${MAX_BODY_BYTES} bytes`);
}

function timedOut(): Problem {
  const detail = `The body must be complete within ${MAX_BODY_MS / 1000} seconds`;
  return new Problem("request_timeout", detail);
}
