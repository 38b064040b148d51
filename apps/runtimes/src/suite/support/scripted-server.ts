import { getSetting } from "./setting.ts";

/** An answer to give. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Makes an address that gives these answers in turn, and the last one to all further requests.
 *
 * @returns the address, and a function that reads what it received
 */
export async function scriptAnswers(...answers: readonly ScriptedAnswer[]) {
  const url = `${getSetting().scripted}/${crypto.randomUUID()}`;
  const response = await fetch(url, { method: "PUT", body: JSON.stringify(answers) });
  if (!response.ok) throw new Error(await response.text());
  return {
    url,
    received: async () => (await (await fetch(url)).json()) as readonly ReceivedRequest[],
  };
}
