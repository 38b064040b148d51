/** A request that was read completely, so that it can be handled late, or not at all. */
export interface Call {
  readonly request: Request;
  readonly method: string;
  readonly body: string;
  /** The name of the secret; of a listing, its `search`. */
  readonly name: string | undefined;
}

/** Reads a request; `nameOf` returns the name of a secret by its id. */
export async function readCall(
  request: Request,
  nameOf: (secretId: string) => string | undefined,
): Promise<Call> {
  const { method } = request;
  const body = await request.text();
  return { request, method, body, name: readName(request, body, nameOf) };
}

/** A copy of the request with an unread body. */
export function replay({ request, method, body }: Call): Request {
  return new Request(request.url, {
    method,
    headers: request.headers,
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
  });
}

/** The call's body as JSON; undefined if it is not JSON. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A field of a value, if the value is an object that has it. */
export function readField(value: unknown, field: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, field)) return undefined;
  return Reflect.get(value, field);
}

function readName(
  request: Request,
  body: string,
  nameOf: (secretId: string) => string | undefined,
): string | undefined {
  if (request.method === "POST" || request.method === "PATCH") {
    const name = readField(parseBody(body), "name");
    return typeof name === "string" ? name : undefined;
  }
  const url = new URL(request.url);
  const id = url.pathname.split("/")[4];
  if (id !== undefined && id !== "") return nameOf(id);
  return url.searchParams.get("search") ?? undefined;
}
