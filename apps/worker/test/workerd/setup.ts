import { createConformanceCheck } from "@convai-secrets/testing/conformance";
import { afterAll, expect } from "vitest";
import worker from "../../src/index.ts";
import document from "../../src/openapi.json" with { type: "json" };
import { STRAYS_URL } from "./fixtures.ts";

const { fetch: answer } = worker;
const assertConforms = createConformanceCheck(document);

/** Every answer of the Worker is checked against the OpenAPI document. */
worker.fetch = async (request, env) => {
  const response = await answer(request, env);
  // The runtime drops the body of an answer to HEAD, outside of the Worker.
  const isHead = request.method === "HEAD";
  await assertConforms(
    request.method,
    request.url,
    isHead ? new Response(null, response) : response,
  );
  return response;
};

afterAll(async () => {
  const strays = await (await fetch(STRAYS_URL)).json();
  expect(strays, "requests that no test expects").toEqual([]);
});
