/** The header of every 401 (RFC 9110, section 15.5.2). */
export const CHALLENGE = { "www-authenticate": 'Bearer realm="convai-secrets"' } as const;
