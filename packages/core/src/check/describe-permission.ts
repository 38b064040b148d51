import type { SecretsApiError } from "../secrets-api-error.ts";
import type { CheckedCall, CheckLine } from "./check-line.ts";

const PERMISSIONS = {
  read: {
    subject: "API key, listing",
    name: "convai_read",
    granted: "The API key may list secrets.",
    without: "Without it, only the policy create works, and each unknown outcome needs a decision.",
  },
  write: {
    subject: "API key, writing",
    name: "convai_write",
    granted: "The API key may write secrets.",
    without: "Without it, no secret can be stored.",
  },
} as const;

/** Whether the API key has a permission, by how the check's call ended. */
export function describePermission(kind: keyof typeof PERMISSIONS, error: CheckedCall): CheckLine {
  const { subject, name, granted, without } = PERMISSIONS[kind];
  // An update of a secret that does not exist cannot succeed, whatever answered.
  const isGranted = kind === "read" ? error === undefined : error?.code === "not_found";
  if (isGranted) return { subject, status: "ok", message: granted };
  if (error?.upstreamCode === "missing_permissions") {
    return {
      subject,
      status: "failed",
      message: `The API key lacks the permission ${name}.`,
      advice: `Give the API key the permission ${name} in ElevenLabs. ${without}`,
    };
  }
  return { subject, ...describeFailure(error) };
}

function describeFailure(error: CheckedCall): Omit<CheckLine, "subject"> {
  switch (error?.code) {
    case "api_key_unavailable":
      return {
        status: "failed",
        message: "The API key cannot be read.",
        advice: "Bind ELEVENLABS_API_KEY again, as a Worker secret or from the Secrets Store.",
      };
    case "api_key_refused":
      return {
        status: "failed",
        message: "ElevenLabs rejected the API key.",
        advice:
          "Copy the API key again, or make a new one. Compare the region too: an API key works only at its own host.",
      };
    case "refused":
      return {
        status: "failed",
        message: `ElevenLabs rejected the account${describeReason(error)}.`,
        advice: "Look at the quota and the messages of the workspace in ElevenLabs.",
      };
    case "unreachable":
      return {
        status: "failed",
        message: "The host cannot be reached.",
        advice: "Compare ELEVENLABS_BASE_URL with the hosts in the documentation of ElevenLabs.",
      };
    case "rate_limited":
      return {
        status: "unclear",
        message: "ElevenLabs limits the rate of requests.",
        advice: "Check again in a minute.",
      };
    case "timed_out":
    case "aborted":
      return {
        status: "unclear",
        message: "ElevenLabs did not answer in time.",
        advice: "Check again in a minute.",
      };
    case "rejected":
      return {
        status: "unclear",
        message: `ElevenLabs rejected the request of the check${describeReason(error)}.`,
        advice: "A dry run of a sender shows whether deliveries work.",
      };
    default:
      return {
        status: "unclear",
        message: `The answer is not one of ElevenLabs${
          error?.status === undefined ? "" : ` (status ${error.status})`
        }.`,
        advice:
          "Check again in a minute. If this persists, ELEVENLABS_BASE_URL names another product, or a firewall is in front of it.",
      };
  }
}

function describeReason({ upstreamCode }: SecretsApiError): string {
  return upstreamCode === undefined ? "" : ` (${upstreamCode})`;
}
