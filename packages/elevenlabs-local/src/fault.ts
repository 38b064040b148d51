/** The methods that are counted and can get faults. */
export type Method = "POST" | "GET" | "PATCH" | "DELETE";

/** Which calls a fault applies to. */
export interface FaultTarget {
  /** Default `POST`. */
  readonly method?: Method;
  /**
   * The secret's name, or a prefix of it followed by `*`; of a listing, its `search`. Default: any.
   */
  readonly name?: string;
  /** How many calls get the fault; `Infinity` (in JSON, `null`) for all. Default 1. */
  readonly times?: number;
}

/**
 * Whether the call is applied although its caller does not get the real response: never (`false`,
 * the default), before the response (`true`), or that many milliseconds after.
 */
export type StoreWhen = boolean | { readonly afterMs: number };

interface StoringFault extends FaultTarget {
  readonly store?: StoreWhen;
}

/** Handles the call as usual, and waits `before` handling it (the default) or `after`. */
interface DelayFault extends FaultTarget {
  readonly kind: "delay";
  readonly ms: number;
  readonly when?: "before" | "after";
}

/** Responds with a status and an error body like the real API's. */
export interface AnswerFault extends StoringFault {
  readonly kind: "answer";
  readonly status: number;
  /** Default `validation` for 422, `brief` for 401, else `detailed`. */
  readonly shape?: "detailed" | "brief" | "validation";
  /** The API's reason, such as `quota_exceeded`. Default: the usual one for the status. */
  readonly code?: string;
  /** A body instead of the usual one: a string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** For instance `retry-after`, which is not sent by default. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Closes the connection without a response. */
interface DropFault extends StoringFault {
  readonly kind: "drop";
}

/** Sends no response, and leaves the connection open. */
interface HangFault extends StoringFault {
  readonly kind: "hang";
}

/** 200 with JSON that ends too early. */
interface MalformedJsonFault extends StoringFault {
  readonly kind: "malformed-json";
}

/** 200 with JSON whose fields have the wrong types. */
interface WrongTypesFault extends StoringFault {
  readonly kind: "wrong-types";
}

/** Responds with an HTML page, as gateways do. */
interface HtmlFault extends StoringFault {
  readonly kind: "html";
  /** Default 200. */
  readonly status?: number;
}

/** 200 with a body that never ends: white space before the JSON, or a string inside it. */
export interface EndlessBodyFault extends StoringFault {
  readonly kind: "endless-body";
  /** Default `whitespace`. */
  readonly of?: "whitespace" | "letters";
  /** Milliseconds between two chunks of a kilobyte. Default: as fast as the caller reads. */
  readonly everyMs?: number;
}

/** 200, then half of the body, then the connection closes. */
interface TruncatedBodyFault extends StoringFault {
  readonly kind: "truncated-body";
}

/** Redirects the caller, and its API key if it follows. */
interface RedirectFault extends StoringFault {
  readonly kind: "redirect";
  readonly to: string;
  /** Default 307, which asks for the same method and body. */
  readonly status?: 301 | 302 | 303 | 307 | 308;
}

/** 200 with a gzipped body that is small on the wire and, unpacked, valid JSON of `bytes` bytes. */
interface GzipBombFault extends StoringFault {
  readonly kind: "gzip-bomb";
  /** Default 256 MiB. */
  readonly bytes?: number;
}

/** A fault that was requested. */
export type Fault =
  | DelayFault
  | AnswerFault
  | DropFault
  | HangFault
  | MalformedJsonFault
  | WrongTypesFault
  | HtmlFault
  | EndlessBodyFault
  | TruncatedBodyFault
  | RedirectFault
  | GzipBombFault;
