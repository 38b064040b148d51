import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WORKER_FOLDER } from "./folders.ts";

/** What the suites read of the OpenAPI document. */
interface OpenApiDocument extends Record<string, unknown> {
  readonly paths: Record<string, Record<string, object>>;
  readonly components: { readonly headers: object; readonly schemas: object };
}

/** Reads the OpenAPI document that the Worker serves. */
export async function readDocument(): Promise<OpenApiDocument> {
  return JSON.parse(await readFile(join(WORKER_FOLDER, "src/openapi.json"), "utf8"));
}
