/** Set by Cloudflare on every request; a client cannot choose it. */
const ADDRESS_HEADER = "cf-connecting-ip";

/**
 * The client's address for counting: an IPv4 address, or the /64 network of an IPv6 address, since
 * one client usually has all addresses of such a network.
 *
 * @returns `undefined` outside Cloudflare, where nothing vouches for an address
 * @example
 * ```ts
 * readClientAddress(new Headers({ "cf-connecting-ip": "2001:db8::1" })); // "2001:db8:0:0"
 * ```
 */
export function readClientAddress(headers: Headers): string | undefined {
  const address = headers.get(ADDRESS_HEADER);
  if (address === null || address.length > 45) return undefined;
  return address.includes(":") ? toNetwork(address) : address;
}

function toNetwork(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...Array<string>(zeros).fill("0"), ...rest];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
