import { styleText } from "node:util";
import type { LocalStack } from "./local-stack.js";
import type { Scenario } from "./scenarios.js";

/** What happened, as far as a scenario says what must. */
export interface Observation {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly replayed: boolean;
  readonly stored: number;
}

const PATH = "/v1/convai/secrets";

/** One for the whole run, so that a delivery can be repeated; it is never shown. */
const VALUE = crypto.randomUUID();

/** Sends a scenario's request, prints what happened, and tells whether it is what must. */
export async function runScenario(scenario: Scenario, stack: LocalStack): Promise<boolean> {
  const { title, name, headers, prepare } = scenario;
  prepare?.();
  const body = JSON.stringify({ type: "new", name, value: VALUE });
  const sent = headers(body);
  const response = await fetch(stack.workerUrl + PATH, {
    method: "POST",
    headers: { "content-type": "application/json", ...sent },
    body,
  });
  const secrets = stack.upstream.upstream.secrets().filter((secret) => secret.name === name);
  const observation: Observation = {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    replayed: response.headers.get("idempotent-replayed") === "true",
    stored: secrets.length,
  };
  const faults = findFaults(scenario.expected, observation);
  const ids = secrets.map(({ secret_id }) => secret_id).join(", ");
  console.log(
    [
      styleText("bold", title),
      `  request   POST ${PATH}  ${Object.keys(sent).join(", ")}  {"type":"new","name":"${name}","value":"…"}`,
      `  answer    ${observation.status}${observation.replayed ? " idempotent-replayed: true" : ""}  ${describe(observation.body)}`,
      `  upstream  ${secrets.length === 0 ? "nothing of this name" : `${secrets.length} secret: ${ids}`}`,
      ...faults.map((fault) => styleText("red", `  NOT AS PROMISED: ${fault}`)),
      "",
    ].join("\n"),
  );
  return faults.length === 0;
}

/** What of an observation is not as a scenario promises. */
export function findFaults(expected: Scenario["expected"], observation: Observation): string[] {
  const [member, value] = expected.body;
  const { status, body, replayed, stored } = observation;
  const faults: string[] = [];
  if (status !== expected.status) faults.push(`status ${status}, not ${expected.status}`);
  if (body[member] !== value) faults.push(`${member} is not "${value}"`);
  if (replayed !== (expected.replayed ?? false))
    faults.push("replayed or not is the wrong way round");
  if (stored !== expected.stored) faults.push(`upstream holds ${stored}, not ${expected.stored}`);
  return faults;
}

function describe(body: Observation["body"]): string {
  const shown = "code" in body ? { code: body["code"], detail: body["detail"] } : body;
  return JSON.stringify(shown);
}
