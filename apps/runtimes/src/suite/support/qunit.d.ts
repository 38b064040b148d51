/*
 * What the suite uses of QUnit. The package @types/qunit refers to the types of the DOM, which would
 * then be declared in everything that the root's tsconfig checks.
 */
declare module "qunit" {
  export interface Assert {
    true(value: unknown, message?: string): void;
    false(value: unknown, message?: string): void;
    /** Compares with `==`. */
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    /** Whether the own properties of `expected` are in `actual`, in nested objects too. */
    propContains(actual: unknown, expected: object, message?: string): void;
    rejects(
      promise: Promise<unknown>,
      expected: abstract new (...args: never[]) => Error,
    ): Promise<void>;
  }

  export interface LogDetails {
    readonly result: boolean;
    readonly message?: string;
    readonly expected?: unknown;
    readonly actual?: unknown;
    readonly source?: string;
  }

  interface TestDoneDetails {
    readonly module: string;
    readonly name: string;
    /** The number of failed assertions. */
    readonly failed: number;
  }

  const QUnit: {
    readonly config: object;
    module(name: string): void;
    test(name: string, callback: (assert: Assert) => void | Promise<void>): void;
    log(callback: (details: LogDetails) => void): void;
    testDone(callback: (details: TestDoneDetails) => void): void;
    done(callback: () => void): void;
    start(): void;
  };
  export default QUnit;
}
