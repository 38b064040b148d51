/** The caller's connection. A fetch handler without a server has no connection. */
export interface Connection {
  destroy(): void;
}

/** The connection was dropped, so there is no response. */
export class ConnectionDroppedError extends Error {
  override readonly name = "ConnectionDroppedError";

  constructor() {
    super("The connection was dropped on request");
  }
}
