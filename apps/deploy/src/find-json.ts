/**
 * Finds the JSON array or object that a program printed. Programs print warnings and notices around
 * it, so of several that have the wanted shape, the longest is taken.
 *
 * @returns `undefined` if the text contains no JSON
 * @example
 * ```ts
 * findJson('Update [available]!\n[{"name":"A"}]', isList); // [{ name: "A" }]
 * ```
 */
export function findJson<T>(output: string, isWanted: (json: unknown) => json is T): T | undefined {
  let longest = 0;
  let found: T | undefined;
  for (const { index } of output.matchAll(/[[{]/g)) {
    const text = cutBalanced(output.slice(index));
    const json = parse(text);
    if (text.length <= longest || !isWanted(json)) continue;
    longest = text.length;
    found = json;
  }
  return found;
}

/** The text up to the bracket that closes its first one. */
function cutBalanced(text: string): string {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === "[" || token === "{") depth += 1;
    if (token === "]" || token === "}") depth -= 1;
    if (depth === 0) return text.slice(0, index + 1);
  }
  return "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
