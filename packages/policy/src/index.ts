export { decodeBase64, decodeSigningSecret, digestToken, TOKEN_PATTERN } from "./credentials.js";
export { generateSigningSecret, generateToken, hashToken } from "./generate-credentials.js";
export { matchesPattern } from "./name-pattern.js";
export { parseSenders, type Sender, SendersSchema } from "./senders.js";
