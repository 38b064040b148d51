import { type Deadline, readBody, startDeadline } from "@convai-secrets/core";
import * as v from "valibot";
import { authorize } from "./authorize.ts";
import { type Failure, readProblem } from "./read-problem.ts";
import type { Sender } from "./sender-options.ts";

/** What one kind of call sends and expects. */
export interface Call<Result> {
  readonly method: "GET" | "POST";
  /** With its query, from the Worker's address on. */
  readonly path: string;
  readonly id?: string | undefined;
  /** Empty for none. */
  readonly body: string;
  readonly schema: v.GenericSchema<unknown, Result>;
  readonly maxAnswerBytes: number;
  /** Tells whether a text must not be shown: the value or the credential, come back. */
  readonly isSecret: (text: string) => boolean;
}

/** How one request ended. */
export type Attempt<Result> =
  | { readonly ok: true; readonly result: Result; readonly headers: Headers }
  | { readonly ok: false; readonly failure: Failure };

/** Sends one request, signed now, and reads its answer within one time limit. */
export async function attempt<Result>(
  sender: Sender,
  call: Call<Result>,
): Promise<Attempt<Result>> {
  const deadline = startDeadline(sender.timeoutMs, sender.signal);
  let status: number | undefined;
  try {
    const response = await deadline.race(send(sender, call, deadline.signal));
    status = response.status;
    if (isRedirect(response)) {
      response.body?.cancel().catch(() => {});
      return fail({ code: "redirected", outcome: "unknown", retryable: false, status });
    }
    const bytes = await deadline.race(readBody(response, call.maxAnswerBytes));
    return readAnswer(response, parseJson(bytes), call);
  } catch {
    // The reason is a runtime's or the caller's own, and may hold the request.
    return fail({ ...interruption(deadline), status });
  } finally {
    deadline.clear();
  }
}

/** Redirects are not followed: the value and the credential must not travel. */
async function send<Result>(
  sender: Sender,
  { method, path, id, body }: Call<Result>,
  signal: AbortSignal,
): Promise<Response> {
  const { fetch, url, credential } = sender;
  return fetch(url + path, {
    method,
    headers: {
      accept: "application/json",
      ...(body === "" ? {} : { "content-type": "application/json" }),
      ...authorize(credential, { id, body }, new Date()),
    },
    body: body === "" ? null : body,
    redirect: "manual",
    signal,
  });
}

/** Browsers hide a redirect's status. */
function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

function readAnswer<Result>(
  response: Response,
  json: unknown,
  { schema, isSecret }: Call<Result>,
): Attempt<Result> {
  if (!response.ok) return fail(readProblem(response, json, isSecret, Date.now()));
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return { ok: true, result: parsed.output, headers: response.headers };
  const { status } = response;
  return fail({ code: "unreadable_answer", outcome: "unknown", retryable: false, status });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `undefined` if it was too large, or is no JSON. */
function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

function interruption(deadline: Deadline): Failure {
  if (!deadline.signal.aborted) {
    return { code: "connection_lost", outcome: "unknown", retryable: true };
  }
  return deadline.hasPassed()
    ? { code: "timed_out", outcome: "unknown", retryable: true }
    : { code: "aborted", outcome: "unknown", retryable: true };
}

function fail(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}
