/**
 * Whether a name matches a pattern. `*` matches zero or more characters, and every other character
 * matches itself. The time is linear in the name for each part of the pattern: there is no regular
 * expression, so no catastrophic backtracking.
 *
 * @example
 * ```ts
 * matchesPattern("VAULT_DB", "VAULT_*"); // true
 * ```
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return name === head;
  if (!name.startsWith(head)) return false;
  let position = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return name.length - position >= tail.length && name.endsWith(tail);
}
