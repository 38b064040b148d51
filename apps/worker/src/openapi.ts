import document from "./openapi.json" with { type: "json" };

/** Written once: strangers may ask for it as often as they like. */
const TEXT = JSON.stringify(document);

/** `GET /openapi.json`: the description of this Worker, as `npm run generate` writes it. */
export function openapi(): Response {
  return new Response(TEXT, { headers: { "content-type": "application/json" } });
}
