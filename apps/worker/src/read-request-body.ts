import { readBody } from "@convai-secrets/core";
import { Problem } from "./problem.js";

/** The longest body taken, in bytes read, whatever Content-Length says. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads the raw bytes, which are what was signed.
 *
 * @throws {Problem} `payload_too_large`, or `malformed_body` if the caller breaks off
 */
export async function readRequestBody(request: Request): Promise<Uint8Array> {
  const bytes = await readBody(request, MAX_BODY_BYTES).catch(() => {
    throw new Problem("malformed_body", "The body did not arrive whole", {
      outcome: "not_created",
      retryable: true,
    });
  });
  if (bytes !== undefined) return bytes;
  throw new Problem("payload_too_large", `The body must not exceed ${MAX_BODY_BYTES} bytes`, {
    outcome: "not_created",
    retryable: false,
  });
}
