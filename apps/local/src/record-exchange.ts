/** A request and its answer, as they went over the wire. */
export interface Exchange {
  readonly requestHeaders: Headers;
  readonly response: Response;
}

/** A fetch that keeps the last exchange, its answer's body to be read once more. */
export function recordExchange(): {
  readonly fetch: typeof globalThis.fetch;
  last(): Exchange | undefined;
} {
  let exchange: Exchange | undefined;
  return {
    async fetch(input, init) {
      const response = await globalThis.fetch(input, init);
      exchange = { requestHeaders: new Headers(init?.headers), response: response.clone() };
      return response;
    },
    last: () => exchange,
  };
}
