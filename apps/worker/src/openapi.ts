import document from "./openapi.json" with { type: "json" };

/** `GET /openapi.json`: the description of this Worker, as `npm run generate` writes it. */
export function openapi(): Response {
  return Response.json(document);
}
