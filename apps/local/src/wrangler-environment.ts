/**
 * What the Worker reads. wrangler prefers the environment to the file it is given, so that an
 * exported ELEVENLABS_API_KEY would have the local Worker call ElevenLabs with the user's own key.
 */
const WORKER_VARIABLES: ReadonlySet<string> = new Set([
  "ELEVENLABS_API_KEY",
  "ELEVENLABS_BASE_URL",
  "SENDERS",
  "LEDGER_KEY",
  "LEDGER_JURISDICTION",
  "OPERATOR_ACCESS",
  "LEDGER_RETENTION_DAYS",
  "RECONCILE",
  "SETTLE_SECONDS",
]);

/** wrangler's own settings and the account's credentials: neither is wanted here. */
const WRANGLER_PREFIXES = ["WRANGLER_", "CLOUDFLARE_", "CF_"];

/** The caller's environment without what would change the local Worker or leave the machine. */
export function makeWranglerEnvironment(
  environment: NodeJS.ProcessEnv,
  folder: string,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([key]) => {
    const name = key.toUpperCase(); // Windows ignores case, and so does wrangler there
    return (
      !WORKER_VARIABLES.has(name) && !WRANGLER_PREFIXES.some((prefix) => name.startsWith(prefix))
    );
  });
  return {
    ...Object.fromEntries(kept),
    CLOUDFLARE_CF_FETCH_ENABLED: "false", // example request data, from Cloudflare
    WRANGLER_HIDE_BANNER: "true", // looks for a newer version
    WRANGLER_REGISTRY_PATH: `${folder}/registry`, // another wrangler dev must not find this Worker
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_WRITE_LOGS: "false", // in the user's home folder
  };
}
