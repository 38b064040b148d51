export { decodeBase64, decodeSigningSecret, digestToken, TOKEN_PATTERN } from "./credentials.ts";
export { generateSigningSecret, generateToken, hashToken } from "./generate-credentials.ts";
export { matchesPattern } from "./name-pattern.ts";
export { parseSenders, type Sender, SendersSchema } from "./senders.ts";
