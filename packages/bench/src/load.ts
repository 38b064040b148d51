import autocannon from "autocannon";

/** What one Worker did under load for a while. */
export interface Measurement {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A Worker under test, and who calls it. */
export interface Target {
  readonly url: string;
  /** The tokens of its senders, taken in turn. */
  readonly tokens: readonly string[];
  /** Length of the secret's value in bytes. */
  readonly valueBytes?: number;
}

let count = 0;

/**
 * Sends deliveries, each with an id of its own.
 *
 * @throws {Error} if a single answer was not a success: what fails fast must not look fast
 */
export async function measure(
  { url, tokens, valueBytes = 24 }: Target,
  connections: number,
  seconds: number,
): Promise<Measurement> {
  const body = JSON.stringify({ type: "new", name: "BENCH", value: "v".repeat(valueBytes) });
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: "POST",
        path: "/v1/convai/secrets",
        body,
        setupRequest: (request) => {
          count += 1;
          const token = tokens[count % tokens.length] ?? "";
          const headers = {
            "content-type": "application/json",
            authorization: `Bearer ${token}`,
            "idempotency-key": `bench-${process.pid}-${count}`,
          };
          return { ...request, headers };
        },
      },
    ],
  });
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} lost`);
  }
  const { requests, latency } = result;
  return { requestsPerSecond: requests.average, p50Ms: latency.p50, p99Ms: latency.p99 };
}
