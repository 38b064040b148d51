/**
 * The whole Worker as it is built, except that core's createSecret forwards once instead of the
 * ledger, and nothing is recorded.
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
    async deliver({ id, content: { name, value } }) {
      const secret = await createSecret({ type: "new", name, value }, options);
      const outcome = { kind: "stored", secret, result: "created", replayed: false };
      return { deliveryId: id, outcome, operation: "create", listings: [], calls: 1 };
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
