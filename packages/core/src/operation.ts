/**
 * An operation of the secrets API. Each has one file in `operations/`, which holds its path, its
 * schemas and its function.
 */
export interface Operation {
  readonly method: "GET" | "POST" | "PATCH";
  /** The path below the base URL; an OpenAPI path template. */
  readonly path: `/v1/convai/secrets${string}`;
  /** `write`: the outcome can be unknown after a failure. `read`: a failure applied nothing. */
  readonly effect: "read" | "write";
}

/** The URL of an operation. */
export function operationUrl(
  baseUrl: string,
  { path }: Operation,
  pathParameters: Readonly<Record<string, string>> = {},
): string {
  return (
    baseUrl +
    path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(pathParameters[name] ?? ""))
  );
}
