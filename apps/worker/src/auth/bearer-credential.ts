import { HEADERS } from "@convai-secrets/protocol";

/**
 * The credential in `Authorization: Bearer …`, or in `xi-api-key`, where the official SDKs put it.
 *
 * @returns `undefined` if there is none, or if both headers are present and differ
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function readBearerCredential(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  const apiKey = headers.get(HEADERS.apiKey);
  const bearer = authorization === null ? apiKey : readBearer(authorization);
  const credential = apiKey ?? bearer;
  return credential !== null && credential === bearer ? credential : undefined;
}

function readBearer(authorization: string): string | null {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? null;
}
