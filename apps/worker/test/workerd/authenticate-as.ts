import { parseSenders } from "@convai-secrets/protocol";
import { type AuthenticSender, importSender } from "../../src/auth/authentic-sender.ts";
import { authenticate } from "../../src/auth/authenticate.ts";
import { createOidcVerifier } from "../../src/auth/oidc-verifier.ts";
import { Problem } from "../../src/problem.ts";

/** Imports senders as the configuration does. Unnamed members get the defaults of SENDERS. */
export async function importSenders(senders: readonly object[]): Promise<AuthenticSender[]> {
  const { senders: parsed, issues } = parseSenders(JSON.stringify(senders));
  if (parsed === undefined) throw new Error(JSON.stringify(issues));
  return Promise.all(parsed.map(importSender));
}

/** The id of the sender that is authenticated, or the code of the problem. */
export async function authenticateAs(
  senders: readonly AuthenticSender[],
  headers: Record<string, string>,
  body: string | Uint8Array,
  now = Date.now(),
): Promise<string> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  try {
    const { sender } = await authenticate({
      headers: new Headers(headers),
      senders,
      oidc: createOidcVerifier([], { fetch }),
      now,
      readBody: async () => bytes,
      log: () => {},
    });
    return sender.id;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
