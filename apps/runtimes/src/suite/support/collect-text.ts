/** Every string that a value contains: in own properties, hidden ones too, and in what it prints. */
export function collectText(value: unknown): string {
  return [...collect(value, new Set())].join("\n");
}

function* collect(value: unknown, seen: Set<unknown>): Generator<string> {
  if (typeof value !== "object" || value === null) {
    yield String(value);
    return;
  }
  if (seen.has(value)) return;
  seen.add(value);
  yield String(value);
  yield JSON.stringify(value);
  for (const key of Reflect.ownKeys(value)) {
    yield String(key);
    yield* collect(Reflect.get(value, key), seen);
  }
}
