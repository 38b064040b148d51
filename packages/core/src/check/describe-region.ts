import { DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "../base-url.ts";
import type { CheckedCall, CheckLine } from "./check-line.ts";

const SUBJECT = "Region";

/** Whether the API key belongs to a workspace at this host: at another one, it is not known. */
export function describeRegion(baseUrl: string, calls: readonly CheckedCall[]): CheckLine {
  const host = new URL(baseUrl).host;
  if (calls.some(isFromWorkspace)) {
    return { subject: SUBJECT, status: "ok", message: `The API key is known at ${host}.` };
  }
  const isRejected = calls.some((error) => error?.status === 401 || error?.status === 403);
  const hosts = [DEFAULT_BASE_URL, ...Object.values(RESIDENCY_BASE_URLS)]
    .map((url) => new URL(url).host)
    .join(", ");
  return {
    subject: SUBJECT,
    status: "unclear",
    message: isRejected
      ? `${host} rejected the API key. It is wrong, or its workspace is in another region.`
      : `${host} did not say whether it knows the API key.`,
    advice: `Compare ELEVENLABS_BASE_URL with the region of the workspace: ${hosts}.`,
  };
}

/** Answers that only the host of the key's own workspace gives. */
function isFromWorkspace(error: CheckedCall): boolean {
  return (
    error === undefined ||
    error.code === "not_found" ||
    error.upstreamCode === "missing_permissions"
  );
}
