import { type Running, startOther, startOurs } from "./workers.ts";

/** A Worker that is measured beside the others. */
export interface Contender {
  readonly name: string;
  readonly start: (upstreamUrl: string) => Promise<Running>;
}

const contender = (name: string, start: Contender["start"]): Contender => ({ name, start });

/** Forwards the body and does nothing else. */
export const PASS_THROUGH = contender("bare pass-through", (url) =>
  startOther("pass-through", url),
);
export const HONO = contender("hono + zod + fetch, no ledger", (url) =>
  startOther("hono-zod", url),
);
export const SDK = contender("around the official SDK, no ledger", (url) => startOther("sdk", url));

/** The duties of this Worker without libraries, without and with a durable object. */
export const BY_HAND = contender("hand-written, no ledger", (url) => startOther("by-hand", url));
export const BY_HAND_OBJECT = contender("hand-written, object with two rows", (url) =>
  startOther("by-hand-object", url, "memory"),
);
export const BY_HAND_OBJECT_ON_DISK = contender("hand-written, object with two rows, disk", (url) =>
  startOther("by-hand-object", url, "disk"),
);

/** This Worker as it is built, except that the ledger is replaced by one call of core. */
export const OURS_WITHOUT_LEDGER = contender("this Worker, no ledger", (url) => startOurs(url));
/** This Worker as it is built. Without reconciling it makes one upstream call, as the others do. */
export const OURS = contender("this Worker", (url) => startOurs(url, { storage: "memory" }));
export const OURS_ON_DISK = contender("this Worker, disk", (url) =>
  startOurs(url, { storage: "disk" }),
);
/** As it is deployed: a create lists the name first. */
export const OURS_RECONCILING = contender("this Worker, first value of a name", (url) =>
  startOurs(url, { storage: "memory", reconcile: true }),
);
