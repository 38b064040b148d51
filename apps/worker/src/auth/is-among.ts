/**
 * Whether one of the candidates equals the expected bytes. Every candidate is compared, in constant
 * time. All of them must have the length of the expected bytes.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#timingsafeequal
 */
export function isAmong(
  expected: ArrayBuffer | Uint8Array,
  candidates: readonly Uint8Array[],
): boolean {
  let found = false;
  for (const candidate of candidates) {
    if (crypto.subtle.timingSafeEqual(expected, candidate)) found = true;
  }
  return found;
}
