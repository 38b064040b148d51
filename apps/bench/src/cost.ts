/**
 * Cloudflare's prices in US dollars beyond what the Workers Paid plan includes.
 *
 * @see https://developers.cloudflare.com/workers/platform/pricing/
 * @see https://developers.cloudflare.com/durable-objects/platform/pricing/
 */
const PRICES = {
  perMillionRequests: 0.3,
  perMillionCpuMs: 0.02,
  perMillionObjectRequests: 0.15,
  perMillionGigabyteSeconds: 12.5,
  perMillionRowsWritten: 1,
} as const;

/** An object is billed with 128 MB, whatever it uses. */
const OBJECT_GIGABYTES = 0.128;

/** What one million deliveries use. */
export interface Usage {
  /** Rows written in the life of one delivery, its removal included. */
  readonly rowsWritten: number;
  /** CPU of one delivery in milliseconds. */
  readonly cpuMs: number;
  /** How long the object waits for the upstream for one delivery, if no other shares the time. */
  readonly objectSeconds: number;
}

/** The parts of the bill for one million deliveries, in US dollars. */
export function priceOfMillion({ rowsWritten, cpuMs, objectSeconds }: Usage) {
  return {
    requests: PRICES.perMillionRequests,
    cpu: cpuMs * PRICES.perMillionCpuMs,
    objectRequests: PRICES.perMillionObjectRequests,
    objectDuration: objectSeconds * OBJECT_GIGABYTES * PRICES.perMillionGigabyteSeconds,
    rowsWritten: rowsWritten * PRICES.perMillionRowsWritten,
  };
}
