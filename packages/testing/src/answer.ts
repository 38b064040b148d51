import { HEADERS } from "@convai-secrets/protocol";

/** An answer of the Worker, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly replayed: boolean;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Reads an answer whose body is JSON. */
export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const retryAfter = headers.get("retry-after");
  return {
    status,
    headers,
    replayed: headers.get(HEADERS.replayed) === "true",
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
    body: (await response.json()) as Record<string, unknown>,
  };
}
