/** The caller's connection, where there is one to close: a fetch handler alone has none. */
export interface Connection {
  destroy(): void;
}

/** The connection was dropped: the `fetch` of the caller must fail, and there is no answer. */
export class ConnectionDroppedError extends Error {
  override readonly name = "ConnectionDroppedError";

  constructor() {
    super("The connection was dropped on request");
  }
}
