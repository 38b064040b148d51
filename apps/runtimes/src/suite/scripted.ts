import type { Setting } from "./report.ts";

/** An answer to give. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An address that gives these answers in turn, the last one for ever, and what it received. */
export async function script({ scripted }: Setting, answers: readonly ScriptedAnswer[]) {
  const url = `${scripted}/${crypto.randomUUID()}`;
  const response = await fetch(url, { method: "PUT", body: JSON.stringify(answers) });
  if (!response.ok) throw new Error(await response.text());
  return {
    url,
    received: async () => (await (await fetch(url)).json()) as readonly ReceivedRequest[],
  };
}
