/** What a program uses of core. */
export { CreateSecretRequestSchema, createSecret, listSecrets } from "@convai-secrets/core";
