import { visit } from "jsonc-parser";

/**
 * The keys that an object within a JSON text has more than once: JSON.parse keeps the last of them
 * without a word.
 *
 * @param path the keys that lead to the object; empty for the document itself
 */
export function findRepeatedKeys(text: string, path: readonly string[]): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  visit(text, {
    onObjectProperty(key, _offset, _length, _line, _character, pathSupplier) {
      const parents = pathSupplier();
      if (parents.length !== path.length || parents.some((part, at) => part !== path[at])) return;
      if (seen.has(key)) repeated.add(key);
      seen.add(key);
    },
  });
  return [...repeated];
}
