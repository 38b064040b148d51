import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { readExample } from "./run-example.ts";
import { expectStored, useStack, VALUE } from "./use-stack.ts";

interface Workflow {
  readonly nodes: readonly { readonly name: string; readonly parameters: Parameters }[];
  readonly connections: Readonly<
    Record<string, { readonly main: readonly (readonly { readonly node: string }[])[] }>
  >;
}
type Parameters = Readonly<Record<string, never>>;

const stack = useStack();
const { nodes, connections } = JSON.parse(await readExample("n8n.json")) as Workflow;
const parameters = (name: string) => nodes.find((node) => node.name === name)?.parameters ?? {};

/** Evaluates an expression of a node as n8n does. */
function evaluate(expression: string, context: object): unknown {
  return runInNewContext(/^=\{\{ (.*) \}\}$/s.exec(expression)?.[1] ?? "", context);
}

/** Follows the workflow from node to node, and returns the nodes and what the last one puts out. */
async function run(item: object): Promise<{ path: string[]; output: unknown }> {
  const $ = () => ({ item: { json: item } });
  const path = ["Secret"];
  let $json: Record<string, unknown> = { ...item };
  let $runIndex = 0;
  for (let name = "Store"; ; ) {
    path.push(name);
    const node = parameters(name) as Readonly<Record<string, string>>;
    let branch = 0;
    if (name === "Store") {
      const response = await fetch(stack().url + new URL(node["url"] ?? "").pathname, {
        method: node["method"] ?? "",
        headers: {
          authorization: `Bearer ${stack().sender.token}`,
          "content-type": "application/json",
        },
        body: evaluate(node["jsonBody"] ?? "", { $, JSON }) as string,
      });
      $json = { statusCode: response.status, body: await response.json() };
    } else if (name.endsWith("?")) {
      const [condition] =
        (parameters(name) as { conditions?: { conditions: { leftValue: string }[] } }).conditions
          ?.conditions ?? [];
      branch = evaluate(condition?.leftValue ?? "", { $json, $runIndex }) === true ? 0 : 1;
    } else if (name === "Wait") {
      expect(node).toEqual({ amount: 70, unit: "seconds" });
      $runIndex += 1;
    } else {
      const expression = node["jsonOutput"] ?? node["errorMessage"] ?? "";
      return { path, output: evaluate(expression, { $json, JSON }) };
    }
    name = connections[name]?.main[branch]?.[0]?.node ?? "";
  }
}

test("the n8n workflow stores the secret and puts out its secret_id", async () => {
  const { path, output } = await run({ name: "N8N_TOKEN", value: VALUE });
  expect(path).toEqual(["Secret", "Store", "Retry?", "Stored?", "Result"]);
  expectStored(stack(), "N8N_TOKEN", VALUE, JSON.parse(output as string).secret_id);
});

test("the n8n workflow waits and sends again after a retryable error", async () => {
  stack().upstream.inject({ kind: "answer", status: 429, name: "N8N_RETRIED" });
  const { path } = await run({ name: "N8N_RETRIED", value: VALUE });
  expect(path).toEqual([
    "Secret",
    "Store",
    "Retry?",
    "Wait",
    "Store",
    "Retry?",
    "Stored?",
    "Result",
  ]);
  expectStored(stack(), "N8N_RETRIED");
});

test("the n8n workflow fails with code and detail, without the value", async () => {
  const { path, output } = await run({ name: " N8N", value: VALUE });
  expect(path).toEqual(["Secret", "Store", "Retry?", "Stored?", "Fail"]);
  expect(output).toMatch(/^invalid_request: /);
  expect(output).not.toContain("canary");
});
