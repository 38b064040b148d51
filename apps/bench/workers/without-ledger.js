/**
 * The whole Worker as it is built, but for its last step: instead of the ledger, core's createSecret
 * forwards once and nothing is remembered.
 */
import { createSecret } from "@convai-secrets/core";
import worker from "./worker.js";

let envWithout;

function withoutLedger(env) {
  const options = {
    apiKey: env.ELEVENLABS_API_KEY,
    baseUrl: env.ELEVENLABS_BASE_URL,
    timeoutMs: 8_000,
  };
  const ledger = {
    async deliver({ id, secret }) {
      const stored = await createSecret(secret, options);
      return { deliveryId: id, delivered: { kind: "stored", secret: stored, replayed: false } };
    },
  };
  return { ...env, LEDGER: { getByName: () => ledger } };
}

export default {
  fetch(request, env) {
    envWithout ??= withoutLedger(env);
    return worker.fetch(request, envWithout);
  },
};
