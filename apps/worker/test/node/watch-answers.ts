import { assertConforms } from "../support/conforms.ts";

const workers = new Set<string>();
const { fetch } = globalThis;

/** Whatever a test asks a watched Worker for, the answer is held against the OpenAPI document. */
globalThis.fetch = async (...[input, init]: Parameters<typeof fetch>) => {
  const response = await fetch(input, init);
  const { method, url } =
    input instanceof Request ? input : { method: init?.method ?? "GET", url: String(input) };
  if (workers.has(new URL(url).origin)) await assertConforms(method, url, response);
  return response;
};

/** Watches the answers of the Worker at this origin. */
export function watchAnswers(origin: string): void {
  workers.add(origin);
}
