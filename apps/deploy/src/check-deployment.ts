import type { CheckLine } from "@convai-secrets/core/internal";
import { PATHS } from "@convai-secrets/protocol";
import { checkApiKey, formatCheck } from "./check-api-key.ts";
import { checkHealth } from "./check-health.ts";
import type { Environment } from "./configuration.ts";
import { DeployError } from "./deploy-error.ts";
import type { Terminal } from "./terminal.ts";
import { findFaults } from "./worker-secrets.ts";

const ANSWER_TIMEOUT_MS = 10_000;

/** What to check, and with what. */
export interface DeploymentCheck {
  readonly environment: Environment;
  /** Where the Worker answers. */
  readonly origins: readonly string[];
  /** Secrets from standard input. */
  readonly given: Readonly<Record<string, string>>;
  readonly terminal: Terminal;
}

/**
 * Checks a deployed Worker from outside, and an API key at its host. It creates and changes nothing.
 * A Worker secret cannot be read back, so the API key is entered again.
 *
 * @throws {DeployError} if a check fails
 */
export async function checkDeployment(check: DeploymentCheck): Promise<void> {
  const { environment, origins, terminal } = check;
  if (origins.length === 0)
    throw new DeployError("The Worker's address is not known here. Add --url https://….");
  terminal.say(`Worker ${environment.workerName}`);
  let hasFailed = false;
  const report = (line: CheckLine) => {
    hasFailed ||= line.status === "failed";
    terminal.say(formatCheck(line));
  };
  for (const origin of origins) {
    report(await checkConfiguration(origin));
    report(await checkWebhook(origin));
  }
  for (const line of await checkKey(check)) report(line);
  if (hasFailed) throw new DeployError("At least one check failed.");
}

async function checkConfiguration(origin: string): Promise<CheckLine> {
  const subject = "configuration";
  try {
    await checkHealth(origin, { patienceMs: 0 });
    return { subject, status: "ok", message: `${origin} is configured correctly.` };
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return { subject, status: "failed", message: error.message };
  }
}

/** A login page in front of the Worker would answer each sender in its place. */
async function checkWebhook(origin: string): Promise<CheckLine> {
  const subject = "senders";
  const response = await fetch(`${origin}${PATHS.sender}`, {
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch(() => undefined);
  const type = response?.headers.get("content-type") ?? "";
  await response?.body?.cancel();
  if (response?.status === 401 && type.startsWith("application/problem+json"))
    return { subject, status: "ok", message: "requests reach the Worker." };
  return {
    subject,
    status: "failed",
    message: `a request without a credential got ${response?.status ?? "no answer"} instead of the Worker's 401.`,
    advice: `Senders must reach ${PATHS.secrets} without a login page: protect ${PATHS.operator} only.`,
  };
}

async function checkKey({ environment, given, terminal }: DeploymentCheck) {
  const { elevenLabsUrl } = environment;
  const apiKey =
    given["ELEVENLABS_API_KEY"] ??
    (await terminal.askSecret?.(
      `ELEVENLABS_API_KEY to check at ${elevenLabsUrl} (not shown; empty to skip) > `,
    )) ??
    "";
  const subject = "API key";
  if (apiKey === "")
    return [
      { subject, status: "unclear", message: "not checked: no API key was entered." } as const,
    ];
  const faults = findFaults("ELEVENLABS_API_KEY", apiKey);
  if (faults.length > 0)
    return [{ subject, status: "failed", message: `${faults.join(", ")}.` } as const];
  return await checkApiKey(apiKey, elevenLabsUrl);
}
