/** What a program imports from core. */
export { CreateSecretRequestSchema, createSecret, listSecrets } from "@convai-secrets/core";
