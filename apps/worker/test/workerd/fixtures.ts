/** What the Worker under test is configured with: fixed, so that tests of it are repeatable. */
export const API_KEY = "test-api-key-0123456789";
export const UPSTREAM_URL = "https://upstream.test";
/** Tells which requests left the Worker that no test expects. */
export const STRAYS_URL = "https://strays.test";

/** The bytes of two signing secrets, base64 after their prefix as Standard Webhooks has it. */
export const SIGNING_SECRET = `whsec_${btoa("first signing secret, 32 bytes..")}`;
export const OTHER_SIGNING_SECRET = `whsec_${btoa("other signing secret, 32 bytes..")}`;
export const UNKNOWN_SIGNING_SECRET = `whsec_${btoa("unused signing secret, 32 bytes.")}`;

/** A token of each kind of sender, and the SHA-256 it is configured by. */
export const TOKEN = `cs_${"A".repeat(43)}`;
export const LIMITED_TOKEN = `cs_${"B".repeat(43)}`;
const TOKEN_HASH = "6060dad30997e5c5caca29e0c7afcea54b0a9dc0e7c841b0cd9a73a5ea2943cd";
const LIMITED_TOKEN_HASH = "cd0276750cbc0dfdff37995b5345ab14bde4441de7073897889f8390f4fbb9e4";

/** Tokens of senders with another policy than the default, and their SHA-256. */
export const POLICY_TOKENS = {
  reject: `cs_${"R".repeat(43)}`,
  update: `cs_${"U".repeat(43)}`,
} as const;
const POLICY_HASHES = {
  reject: "033ead90ced3d718485abffe9766b000ea8333203a06a0c68f1efb77839e1934",
  update: "01a72d9d8ccf0216556ed8ae0ed243fb09dc98c92a5277c0639f09e08340bba5",
} as const;

export const SENDERS = [
  {
    id: "main",
    signingSecrets: [SIGNING_SECRET, OTHER_SIGNING_SECRET],
    tokenHashes: [`sha256:${TOKEN_HASH}`],
    names: ["TEST_*", "EXACT"],
  },
  { id: "limited", tokenHashes: [`sha256:${LIMITED_TOKEN_HASH}`] },
  ...(["reject", "update"] as const).map((existing) => ({
    id: existing,
    tokenHashes: [`sha256:${POLICY_HASHES[existing]}`],
    existing,
    names: ["TEST_*"],
  })),
];
