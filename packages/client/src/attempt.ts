import { type Deadline, readBody, startDeadline } from "@convai-secrets/core/internal";
import * as v from "valibot";
import { authorize, IdTokenUnavailable } from "./authorize.ts";
import { clientFailure } from "./client-failures.ts";
import { classifyFetchFailure } from "./connection-failure.ts";
import { type Failure, readProblem } from "./read-problem.ts";
import type { Sender } from "./sender-options.ts";

/** What one kind of call sends and expects. */
export interface Call<Result> {
  readonly method: "GET" | "POST" | "PATCH";
  /** Path and query, relative to the Worker's address. */
  readonly path: string;
  readonly id?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty for no body. */
  readonly body: string;
  readonly schema: v.GenericSchema<unknown, Result>;
  readonly maxAnswerBytes: number;
}

/** How one request ended. */
export type Attempt<Result> =
  | { readonly ok: true; readonly result: Result; readonly headers: Headers }
  | { readonly ok: false; readonly failure: Failure };

/** Sends one request, authenticated now, and reads its answer within one time limit. */
export async function attempt<Result>(
  sender: Sender,
  call: Call<Result>,
): Promise<Attempt<Result>> {
  const deadline = startDeadline(sender.timeoutMs, sender.signal);
  let status: number | undefined;
  try {
    const authorization = await deadline.race(authorize(sender, call, new Date()));
    const response = await deadline.race(send(sender, call, authorization, deadline.signal));
    status = response.status;
    if (isRedirect(response)) {
      response.body?.cancel().catch(() => {});
      return fail(clientFailure("redirected", status));
    }
    const bytes = await deadline.race(readBody(response, call.maxAnswerBytes));
    return readAnswer(response, parseJson(bytes), call, sender);
  } catch (error) {
    return fail(classify(error, deadline, status));
  } finally {
    deadline.clear();
  }
}

/** Redirects are not followed: the value and the credential must not travel to another address. */
async function send<Result>(
  { fetch, url }: Sender,
  { method, path, headers, body }: Call<Result>,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: {
      accept: "application/json",
      ...(body === "" ? {} : { "content-type": "application/json" }),
      ...headers,
      ...authorization,
    },
    body: body === "" ? null : body,
    redirect: "manual",
    signal,
  });
}

/** Browsers hide the status of a redirect. */
function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

function readAnswer<Result>(
  response: Response,
  json: unknown,
  { schema }: Call<Result>,
  { secrets }: Sender,
): Attempt<Result> {
  if (!response.ok) return fail(readProblem(response, json, secrets, Date.now()));
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return { ok: true, result: parsed.output, headers: response.headers };
  return fail(clientFailure("unreadable_answer", response.status));
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `undefined` if the body is too large or not JSON. */
function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

function classify(error: unknown, deadline: Deadline, status: number | undefined): Failure {
  if (error instanceof IdTokenUnavailable) return clientFailure("id_token_unavailable");
  if (deadline.signal.aborted) {
    return clientFailure(deadline.hasPassed() ? "timed_out" : "aborted", status);
  }
  // After an answer has begun, the request was sent, whatever the error is called.
  if (status !== undefined) return clientFailure("connection_lost", status);
  return clientFailure(classifyFetchFailure(error));
}

function fail(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}
