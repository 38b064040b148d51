import { CommandFailure } from "../command-failure.ts";
import { type ConfiguredConnection, readConnection } from "../connection/read-connection.ts";
import { type Check, skip } from "./check.ts";
import { checkClock } from "./check-clock.ts";
import { describeConnection, describeFailedConnection } from "./check-connection.ts";
import { checkCredential, checkNames } from "./check-credential.ts";
import { checkWorker } from "./check-worker.ts";
import { probe } from "./probe.ts";

/** Checks everything that a delivery needs, from the configuration to the policy, and stores nothing. */
export async function examine(
  settings: string | undefined,
  names: readonly string[],
): Promise<readonly Check[]> {
  let configured: ConfiguredConnection;
  try {
    configured = await readConnection(settings, process.env);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return [describeConfigurationFailure(error), ...skipAll("connection")];
  }
  const { connection } = configured;
  const configuration = describeConfiguration(configured);
  const answer = await probe(connection.url);
  if (typeof answer === "string") {
    const failed = describeFailedConnection(answer, connection.url);
    return [configuration, failed, ...skipAll("worker")];
  }
  const worker = checkWorker(answer);
  const reached = [configuration, describeConnection(connection.url), worker];
  if (worker.status === "failed") return [...reached, ...skipAll("clock")];
  const clock = checkClock(answer.clockAheadMs, connection);
  const { check: credential, sender } = await checkCredential(connection);
  const policy = sender === undefined ? skipAll("names") : checkNames(sender, names);
  return [...reached, clock, credential, ...policy];
}

const ORDER = ["connection", "worker", "clock", "credential", "names"] as const;

function skipAll(first: (typeof ORDER)[number]): Check[] {
  return ORDER.slice(ORDER.indexOf(first)).map(skip);
}

function describeConfiguration({ connection, source }: ConfiguredConnection): Check {
  const { url, signingSecret, token } = connection;
  const kind = signingSecret ? "a signing secret" : token ? "a token" : "an OIDC token";
  const message = `${url} with ${kind}, from ${source}`;
  return { check: "configuration", status: "ok", code: "ok", message };
}

function describeConfigurationFailure({ message, issues }: CommandFailure): Check {
  const rules = issues.map(({ path, rule }) => `${path} ${rule}`);
  return {
    check: "configuration",
    status: "failed",
    code: "configuration",
    message: [message, ...rules].join("; "),
    action: "Set the address and one credential; convai-secrets --help lists the variables.",
  };
}
