/** Throws unless both are the same JSON, whatever the order of their fields. */
export function checkEqual(actual: unknown, expected: unknown): void {
  const [told, wanted] = [write(actual), write(expected)];
  if (told !== wanted) throw new Error(`is ${told}, not ${wanted}`);
}

/** Throws unless all fields of `expected` are the same in `actual`. */
export function checkFields(actual: object, expected: Readonly<Record<string, unknown>>): void {
  const fields = Object.keys(expected).map((key) => [key, Reflect.get(actual, key)]);
  checkEqual(Object.fromEntries(fields), expected);
}

/** Throws unless it holds. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`it does not hold that ${what}`);
}

/** The error of a call that must fail, with one of the given class. */
export async function failureOf<Failure extends Error>(
  call: Promise<unknown>,
  kind: abstract new (...args: never[]) => Failure,
): Promise<Failure> {
  const error = await call.then(
    () => new Error("the call did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof kind) return error;
  throw error;
}

/** Throws if one of the texts can be had from an error by any means the language has. */
export function checkTellsNothing(error: Error, texts: readonly string[]): void {
  const told = [...tell(error, new Set())].join("\n");
  const leaked = texts.filter((text) => told.includes(text)).length;
  if (leaked > 0) throw new Error(`the error tells ${leaked} of ${texts.length} secrets`);
}

/** Every string in a value: of its own properties, hidden ones too, and of what it is written as. */
function* tell(value: unknown, seen: Set<unknown>): Generator<string> {
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
    yield* tell(Reflect.get(value, key), seen);
  }
}

function write(value: unknown): string {
  return (
    JSON.stringify(value, (_, part) => (isRecord(part) ? sortKeys(part) : part)) ?? "undefined"
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortKeys(record: object): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
