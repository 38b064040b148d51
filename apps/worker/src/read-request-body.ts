import { readBody } from "@convai-secrets/core";
import { Problem } from "./problem.ts";
import { withTimeLimit } from "./time-limit.ts";

/** The longest body taken, in bytes read, whatever Content-Length says. */
const MAX_BODY_BYTES = 64 * 1024;

/** The longest wait for a body: a caller who trickles it must not be waited for for ever. */
const MAX_BODY_MS = 10_000;

/**
 * Reads the raw bytes, which are what was signed.
 *
 * @throws {Problem} `payload_too_large`, or `malformed_body` if the caller breaks off or trickles
 */
export async function readRequestBody(request: Request): Promise<Uint8Array> {
  const reading = readBody(request, MAX_BODY_BYTES).catch(() => {
    throw incomplete();
  });
  const bytes = await withTimeLimit(reading, MAX_BODY_MS, incomplete);
  if (bytes !== undefined) return bytes;
  throw new Problem("payload_too_large", `The body must not exceed ${MAX_BODY_BYTES} bytes`, {
    outcome: "not_created",
    retryable: false,
  });
}

function incomplete(): Problem {
  const detail = `The body did not arrive whole within ${MAX_BODY_MS / 1000} seconds`;
  return new Problem("malformed_body", detail, { outcome: "not_created", retryable: true });
}
