/** Why a text is not accepted as JSON. */
export type JsonIssue =
  | { readonly reason: "malformed" }
  /** The key is the document's own text: show it only through a filter for field names. */
  | { readonly reason: "duplicate_key"; readonly key: string };

/** The outcome of {@link parseJson}. */
export type ParsedJson =
  | { readonly json: unknown; readonly issue?: never }
  | { readonly json?: never; readonly issue: JsonIssue };

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/**
 * Parses JSON and rejects objects with duplicate keys, of which `JSON.parse` keeps the last and
 * other readers keep the first (RFC 8259, section 4).
 *
 * @example
 * ```ts
 * parseJson('{"a":1,"a":2}'); // { issue: { reason: "duplicate_key", key: "a" } }
 * ```
 */
export function parseJson(text: string): ParsedJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The reason quotes the text.
    return { issue: { reason: "malformed" } };
  }
  const key = findDuplicateKey(text);
  return key === undefined ? { json } : { issue: { reason: "duplicate_key", key } };
}

/** @param text valid JSON */
function findDuplicateKey(text: string): string | undefined {
  /** The keys of each open object; `undefined` for an open array. */
  const open: (Set<string> | undefined)[] = [];
  let string = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key: string = JSON.parse(string);
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    } else string = token;
  }
  return undefined;
}
