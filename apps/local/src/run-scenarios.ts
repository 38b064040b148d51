import { styleText } from "node:util";
import { DeliveryError } from "@convai-secrets/client";
import type { ReceivedCalls } from "@convai-secrets/elevenlabs-local";
import { HEADERS } from "@convai-secrets/protocol";
import type { LocalStack } from "./local-stack.ts";
import { findFaults, type Observation } from "./observation.ts";
import { recordExchange } from "./record-exchange.ts";
import { listScenarios, PATH, type Scenario } from "./scenarios.ts";

/** The request headers that the demo shows. */
const SHOWN = ["webhook-id", "webhook-timestamp", "webhook-signature", "xi-api-key"];

/** Those of them that are a credential or a signature. */
const MASKED: ReadonlySet<string> = new Set(["webhook-signature", "xi-api-key"]);

/** How long the Worker may take to answer. */
const TIMEOUT_MS = 20_000;

/**
 * Sends each scenario's request and prints what happened.
 *
 * @returns whether every result was the expected one
 *
 * @throws the signal's reason, if that aborts
 */
export async function runScenarios(stack: LocalStack, signal: AbortSignal): Promise<boolean> {
  const scenarios = listScenarios(stack);
  const broken: string[] = [];
  // Two for the whole run, so that a delivery can be repeated and rotated. They are never shown.
  const [value, newValue] = [crypto.randomUUID(), crypto.randomUUID()];
  const secretIds = new Map<string, string>();
  for (const scenario of scenarios) {
    const sent = scenario.sendsNewValue ? newValue : value;
    const faults = await runScenario(scenario, stack, { value: sent, secretIds }, signal);
    if (faults.length > 0) broken.push(scenario.title);
  }
  console.log(
    broken.length === 0
      ? styleText("green", `All ${scenarios.length} results are as expected.`)
      : styleText("red", ["Not as expected:", ...broken].join("\n  ")),
  );
  return broken.length === 0;
}

async function runScenario(
  { title, name, send, prepare, expected }: Scenario,
  stack: LocalStack,
  { value, secretIds }: { readonly value: string; readonly secretIds: Map<string, string> },
  signal: AbortSignal,
): Promise<string[]> {
  prepare?.();
  const { requestHeaders, response } = await observe((fetch) =>
    send({
      url: stack.workerUrl,
      fetch,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      name,
      value,
    }),
  );
  const { upstream } = stack.upstream;
  const secrets = upstream.secrets().filter((secret) => secret.name === name);
  const observed: Observation = {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    result: response.headers.get(HEADERS.result),
    earlierSecretId: secretIds.get(name),
    writes: countWrites(upstream.received(), name),
    secretIds: secrets.map(({ secret_id }) => secret_id),
    hasValueSent: secrets.every((secret) => secret.value === value),
  };
  const faults = findFaults(expected, observed);
  if (typeof observed.body["secret_id"] === "string") {
    secretIds.set(name, observed.body["secret_id"]);
  }
  const mark = faults.length === 0 ? styleText("green", "✓") : styleText("red", "✗");
  const lines = [
    `${mark} ${styleText("bold", title)}`,
    `  request   POST ${PATH}  {"type":"new","name":"${name}","value":"…"}`,
    `            ${describeHeaders(requestHeaders)}`,
    `  answer    ${describeAnswer(observed)}`,
    `  upstream  ${describeUpstream(observed)}`,
    ...faults.map((fault) => styleText("red", `  But ${fault}`)),
    "",
  ];
  console.log(lines.join("\n"));
  return faults;
}

/** Records one exchange. A rejected request is an answer as well. */
async function observe(send: (fetch: typeof globalThis.fetch) => Promise<unknown>) {
  const recorder = recordExchange();
  let failure: unknown;
  await send(recorder.fetch).catch((error: unknown) => {
    failure = error;
  });
  const exchange = recorder.last();
  const isAnswered = failure === undefined || (failure instanceof DeliveryError && failure.status);
  if (exchange === undefined || !isAnswered) throw failure;
  return exchange;
}

function describeHeaders(headers: Headers): string {
  return SHOWN.filter((name) => headers.has(name))
    .map((name) => `${name}: ${MASKED.has(name) ? "…" : headers.get(name)}`)
    .join("  ");
}

function describeAnswer({ status, body, result }: Observation): string {
  if ("code" in body) return `${status} ${body["code"]}: ${body["detail"]}`;
  return `${status} ${JSON.stringify(body)}  ${HEADERS.result}: ${result}`;
}

function describeUpstream({ writes, secretIds }: Observation): string {
  if (writes === 0 && secretIds.length === 0) return "received nothing, has nothing";
  return `received ${writes} ${writes === 1 ? "write" : "writes"}, has ${secretIds.join(", ") || "nothing"}`;
}

function countWrites({ postsByName, patchesByName }: ReceivedCalls, name: string): number {
  return (postsByName[name] ?? 0) + (patchesByName[name] ?? 0);
}
