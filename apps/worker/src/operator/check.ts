import { type CheckLine, checkUpstream } from "@convai-secrets/core/internal";
import type { OperatorCall } from "./operator-call.ts";

export type { CheckLine };

/**
 * Finds problems before a delivery does. The configuration is valid already: with an invalid one, no
 * page is shown, and `/healthz` says what is wrong.
 *
 * @returns one line per part, which says what to do if it is not `ok`
 */
export async function runCheck({
  configuration,
  ledger,
  now,
}: Pick<OperatorCall, "configuration" | "ledger" | "now">): Promise<readonly CheckLine[]> {
  const { apiKey, baseUrl, oidc } = configuration;
  const [upstream, { host }, issuers] = await Promise.all([
    checkUpstream({ apiKey, baseUrl }),
    ledger.check(),
    Promise.all(
      oidc.sources.map(async ({ issuer, keys }) =>
        describeIssuer(issuer, (await keys.current(now)) !== undefined),
      ),
    ),
  ]);
  return [CONFIGURATION, ...upstream, describeLedger(host), ...issuers];
}

const CONFIGURATION: CheckLine = {
  subject: "Configuration",
  status: "ok",
  message: "All bindings are valid.",
};

function describeLedger(host: "matches" | "differs" | "unset"): CheckLine {
  const subject = "Ledger";
  if (host !== "differs") {
    const message =
      host === "matches"
        ? "The ledger belongs to this workspace's host."
        : "The ledger is empty. The first delivery ties it to this workspace's host.";
    return { subject, status: "ok", message };
  }
  return {
    subject,
    status: "failed",
    message: "The ledger belongs to another host, so deliveries get 503 misconfigured.",
    advice:
      "Restore ELEVENLABS_BASE_URL. Another workspace needs a Worker of its own: npm run deploy -- --env NAME.",
  };
}

function describeIssuer(issuer: string, hasKeys: boolean): CheckLine {
  const subject = `Keys of ${issuer}`;
  if (hasKeys) return { subject, status: "ok", message: "The keys can be loaded." };
  return {
    subject,
    status: "failed",
    message: "No keys can be loaded, so its tokens get 503.",
    advice:
      "Compare the issuer in SENDERS. If its keys are not public, put them into the rule as jwks.",
  };
}
