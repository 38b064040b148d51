/** A request that was read to its end, so that its handling can be repeated, delayed or skipped. */
export interface Call {
  readonly request: Request;
  readonly method: string;
  readonly body: string;
  /** The name of the secret that it is about; of a listing, its `search`. */
  readonly name: string | undefined;
}

/** Reads a request; `nameOf` tells the name of a secret by its id. */
export async function readCall(
  request: Request,
  nameOf: (secretId: string) => string | undefined,
): Promise<Call> {
  const { method } = request;
  const body = await request.text();
  return { request, method, body, name: readName(request, body, nameOf) };
}

/** The same request once more, with its body unread. */
export function replay({ request, method, body }: Call): Request {
  return new Request(request.url, {
    method,
    headers: request.headers,
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
  });
}

/** The call's body as JSON; undefined if it is none. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A field of something that may be an object; undefined if there is none. */
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
