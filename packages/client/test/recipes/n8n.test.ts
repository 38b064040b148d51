import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { readRecipe } from "./read-recipe.ts";
import { expectStored, useRig, VALUE } from "./use-rig.ts";

interface Workflow {
  readonly nodes: readonly [
    { readonly type: string; readonly parameters: Readonly<Record<string, string>> },
  ];
}

const rig = useRig();
const { nodes } = JSON.parse(readRecipe("n8n", "json")) as Workflow;
const [{ type, parameters }] = nodes;

test("the node's request is one that the Worker takes", async () => {
  expect(type).toBe("n8n-nodes-base.httpRequest");
  expect(parameters).toMatchObject({ sendBody: true, specifyBody: "json" });
  const [, expression = ""] = /^=\{\{ (.*) \}\}$/.exec(parameters["jsonBody"] ?? "") ?? [];
  const body: string = runInNewContext(expression, { $json: { name: "N8N_TOKEN", value: VALUE } });
  const response = await fetch(rig().url + new URL(parameters["url"] ?? "").pathname, {
    method: parameters["method"] ?? "",
    headers: { authorization: `Bearer ${rig().token}`, "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(200);
  expectStored(rig(), "N8N_TOKEN");
});
