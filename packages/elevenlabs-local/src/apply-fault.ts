import { setTimeout as wait } from "node:timers/promises";
import { answerWithError } from "./answer-with-error.ts";
import { endlessBody, gzipBomb, truncatedBody } from "./broken-bodies.ts";
import type { Call } from "./call.ts";
import { type Connection, ConnectionDroppedError } from "./connection.ts";
import type { Fault } from "./fault.ts";

const DEFAULT_GZIP_BOMB_BYTES = 256 * 1024 * 1024;
const JSON_HEADERS = { "content-type": "application/json" };
const HTML_PAGE = "<!doctype html><html><head><title>Just a moment…</title></head></html>";

/** What a fault works with. */
export interface FaultContext {
  readonly call: Call;
  readonly connection: Connection | undefined;
  /** Handles the call without a fault. */
  readonly handle: () => Promise<Response>;
  /** Handles the call that many milliseconds later, unless the state is reset before. */
  readonly handleLater: (ms: number) => void;
  /** Called if the call will never be handled. */
  readonly discard: () => void;
}

/** Responds to a call as the fault says. */
export async function applyFault(fault: Fault, context: FaultContext): Promise<Response> {
  const { call, connection, handle } = context;
  if (fault.kind === "delay") {
    if (fault.when !== "after") await wait(fault.ms);
    const response = await handle();
    if (fault.when === "after") await wait(fault.ms);
    return response;
  }

  const text = await applyAsAsked(fault.store, context);
  switch (fault.kind) {
    case "answer":
      return answerWithError(fault, call.body);
    case "drop":
      connection?.destroy();
      throw new ConnectionDroppedError();
    case "hang":
      return new Promise<never>(() => {});
    case "malformed-json":
      return new Response(text.slice(0, -2), { headers: JSON_HEADERS });
    case "wrong-types":
      return Response.json({ type: "stored", secret_id: 20, name: null });
    case "html":
      return new Response(HTML_PAGE, {
        status: fault.status ?? 200,
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    case "endless-body":
      return new Response(endlessBody(fault), { headers: JSON_HEADERS });
    case "truncated-body":
      return new Response(truncatedBody(text, connection), { headers: JSON_HEADERS });
    case "redirect":
      return new Response(null, {
        status: fault.status ?? 307,
        headers: { location: fault.to },
      });
    case "gzip-bomb":
      return new Response(gzipBomb(fault.bytes ?? DEFAULT_GZIP_BOMB_BYTES, text), {
        headers: { ...JSON_HEADERS, "content-encoding": "gzip" },
      });
  }
}

/** Does what `store` says, and returns the response that the caller would have got, or a likely one. */
async function applyAsAsked(
  store: Exclude<Fault, { kind: "delay" }>["store"],
  { call, handle, handleLater, discard }: FaultContext,
): Promise<string> {
  if (store === true) return (await handle()).text();
  if (typeof store === "object") handleLater(store.afterMs);
  else discard();
  return JSON.stringify({ type: "stored", secret_id: "neverStored000000000", name: call.name });
}
