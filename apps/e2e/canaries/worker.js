// The built Worker with a rate limit, which standalone workerd does not have, with faults of the
// program that quote everything, and with a log in which every depth is written out.
import { env } from "cloudflare:workers";
import worker, { Ledger as BuiltLedger } from "./built.js";

for (const level of ["log", "warn", "error", "info", "debug"]) {
  // biome-ignore lint/suspicious/noConsole: it is the Worker's log
  const write = console[level];
  console[level] = (...entries) =>
    write(entries.map((entry) => JSON.stringify(entry, tell)).join(" "));
}

function tell(_key, value) {
  if (!(value instanceof Error)) return value;
  return {
    ...value,
    name: value.name,
    message: value.message,
    stack: value.stack,
    cause: value.cause,
  };
}

export class Ledger extends BuiltLedger {
  async deliver(request) {
    if (request.content.name === "CANARY_FAULT") throw new Error(JSON.stringify([request, env]));
    return super.deliver(request);
  }
}

export default {
  fetch(request, bindings) {
    const limit = async () => ({ success: !request.headers.has("x-too-many") });
    return worker.fetch(request, { ...bindings, RATE_LIMITER: { limit } });
  },
};
