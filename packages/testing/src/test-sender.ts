import {
  generateSigningSecret,
  generateToken,
  hashToken,
  type Sender,
} from "@convai-secrets/protocol";

/** A sender with credentials of its own, as a test needs it. */
export interface TestSender {
  readonly id: string;
  /** `cs_…`: the bearer token. */
  readonly token: string;
  /** `whsec_…`: the secret that signs requests. */
  readonly signingSecret: string;
  /** The sender's entry in the SENDERS document. */
  readonly policy: Partial<Sender> & Pick<Sender, "id">;
}

/**
 * Generates a sender with a token and a signing secret.
 *
 * @param id default `test-sender`
 * @param policy what the SENDERS document says of it besides, such as `names` and `existing`
 * @example
 * ```ts
 * const sender = await createTestSender("vault", { existing: "update" });
 * ```
 */
export async function createTestSender(
  id = "test-sender",
  policy: Partial<Omit<Sender, "id">> = {},
): Promise<TestSender> {
  const token = generateToken();
  const signingSecret = generateSigningSecret();
  const credentials = { signingSecrets: [signingSecret], tokenHashes: [await hashToken(token)] };
  return { id, token, signingSecret, policy: { id, ...credentials, ...policy } };
}
