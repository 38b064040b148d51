import { STYLES } from "./styles.ts";

let policy: Promise<string> | undefined;

/**
 * The headers of every page. The policy allows our stylesheet by its hash, an icon in a `data:` URL,
 * and forms to this Worker. It allows no script, frame, font or connection.
 *
 * `same-origin` is the strictest referrer policy under which browsers send `origin` with a form.
 */
export async function createSecurityHeaders(): Promise<Record<string, string>> {
  policy ??= createPolicy();
  return {
    "content-security-policy": await policy,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
  };
}

async function createPolicy(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(String(STYLES)));
  const hash = new Uint8Array(digest).toBase64();
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "img-src data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}
