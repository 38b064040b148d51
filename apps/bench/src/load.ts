import autocannon from "autocannon";
import { readCpuSeconds, readResidentBytes } from "./process-usage.ts";
import { percentile } from "./statistics.ts";

/** What one Worker did under a load. */
export interface Measurement {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the Worker's process alone, in seconds per 1,000 requests. */
  readonly cpuSecondsPer1000: number;
  /** Memory of the Worker's process at the end. */
  readonly residentBytes: number;
}

/** A Worker under test. */
export interface Target {
  readonly url: string;
  readonly pid: number;
}

/** One request of a load. */
interface LoadRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a Worker is sent, built for each request, and the status that every answer must have. */
export interface Load {
  readonly next: () => LoadRequest;
  readonly status: number | readonly number[];
  /** Whether the Worker may close the connection before it has read the body. Default false. */
  readonly mayEndConnection?: boolean;
}

/** How often autocannon checks the time. */
const STOP_INTERVAL_MS = 50;

/**
 * Sends requests as fast as the Worker answers, one at a time on each connection.
 *
 * @throws {Error} if any answer was not the expected one, so that fast failures do not look fast
 */
export async function measure(
  { url, pid }: Target,
  { next, status, mayEndConnection = false }: Load,
  connections: number,
  seconds: number,
): Promise<Measurement> {
  const times: number[] = [];
  const expected = [status].flat();
  let unexpected = 0;
  const cpuBefore = await readCpuSeconds(pid);
  const start = performance.now();
  const errors = await new Promise<number>((resolve, reject) => {
    const requests = [{ setupRequest: (request: object) => ({ ...request, ...next() }) }];
    const options = { url, connections, duration: seconds, sampleInt: STOP_INTERVAL_MS, requests };
    autocannon(options, (error, result) => (error ? reject(error) : resolve(result.errors))).on(
      "response",
      (_client, statusCode, _bytes, milliseconds) => {
        times.push(milliseconds);
        if (!expected.includes(statusCode)) unexpected += 1;
      },
    );
  });
  const elapsedSeconds = (performance.now() - start) / 1000;
  const cpuSeconds = (await readCpuSeconds(pid)) - cpuBefore;
  const lost = mayEndConnection ? 0 : errors;
  if (unexpected + lost > 0 || times.length === 0) {
    const of = `Of ${times.length} answers`;
    throw new Error(
      `${of} ${unexpected} did not have status ${status}; ${lost} requests were lost`,
    );
  }
  const sorted = Float64Array.from(times).sort();
  return {
    requestsPerSecond: times.length / elapsedSeconds,
    p50Ms: percentile(sorted, 50),
    p99Ms: percentile(sorted, 99),
    cpuSecondsPer1000: (cpuSeconds / times.length) * 1000,
    residentBytes: await readResidentBytes(pid),
  };
}
