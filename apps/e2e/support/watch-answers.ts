import { assertConforms } from "./assert-conforms.ts";

const origins = new Set<string>();
const { fetch } = globalThis;

/** Checks every answer that a test fetches from a watched Worker against the OpenAPI document. */
globalThis.fetch = async (...[input, init]: Parameters<typeof fetch>) => {
  const response = await fetch(input, init);
  const { method, url } =
    input instanceof Request ? input : { method: init?.method ?? "GET", url: String(input) };
  if (origins.has(new URL(url).origin)) await assertConforms(method, url, response);
  return response;
};

/** Watches the answers of the Worker at this origin. */
export function watchAnswers(origin: string): void {
  origins.add(origin);
}
