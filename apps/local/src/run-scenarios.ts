import { styleText } from "node:util";
import { DeliveryError } from "@convai-secrets/client";
import type { LocalStack } from "./local-stack.ts";
import { findFaults, type Observation } from "./observation.ts";
import { recordExchange } from "./record-exchange.ts";
import { listScenarios, PATH, type Scenario } from "./scenarios.ts";

/** The headers that say who sends what. */
const SHOWN = ["webhook-id", "webhook-timestamp", "webhook-signature", "xi-api-key"];

/** Of those, the ones that are a credential, or as good as one. */
const MASKED: ReadonlySet<string> = new Set(["webhook-signature", "xi-api-key"]);

/** How long the Worker may take to answer. */
const TIMEOUT_MS = 20_000;

/**
 * Sends each scenario's request, prints what happened, and tells whether all went as promised.
 *
 * @throws the signal's reason, if that aborts
 */
export async function runScenarios(stack: LocalStack, signal: AbortSignal): Promise<boolean> {
  const scenarios = listScenarios(stack);
  const broken: string[] = [];
  // One for the whole run, so that a delivery can be repeated; it is never shown.
  const value = crypto.randomUUID();
  for (const scenario of scenarios) {
    const faults = await runScenario(scenario, stack, value, signal);
    if (faults.length > 0) broken.push(scenario.title);
  }
  console.log(
    broken.length === 0
      ? styleText("green", `All ${scenarios.length} as promised.`)
      : styleText("red", ["Not as promised:", ...broken].join("\n  ")),
  );
  return broken.length === 0;
}

async function runScenario(
  { title, name, send, prepare, expected }: Scenario,
  stack: LocalStack,
  value: string,
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
    replayed: response.headers.get("idempotent-replayed") === "true",
    posts: upstream.received().postsByName[name] ?? 0,
    secretIds: secrets.map(({ secret_id }) => secret_id),
    hasValueSent: secrets.every((secret) => secret.value === value),
  };
  const faults = findFaults(expected, observed);
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

/** A refusal is an answer like any other here. */
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

function describeAnswer({ status, body, replayed }: Observation): string {
  if ("code" in body) return `${status} ${body["code"]}: ${body["detail"]}`;
  return `${status} ${JSON.stringify(body)}${replayed ? "  idempotent-replayed: true" : ""}`;
}

function describeUpstream({ posts, secretIds }: Observation): string {
  if (posts === 0 && secretIds.length === 0) return "received nothing, holds nothing";
  return `received ${posts} POST, holds ${secretIds.join(", ") || "nothing"}`;
}
