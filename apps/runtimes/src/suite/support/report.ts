/** What the suite runs against: servers on this machine, and credentials generated for the run. */
export interface Setting {
  /** The local upstream, with its control API. */
  readonly upstream: string;
  /** Its API key with both permissions. */
  readonly apiKey: string;
  /** Its API key that can only list. */
  readonly readOnlyKey: string;
  /** The built Worker in front of the local upstream. */
  readonly worker: string;
  /** The credentials of its sender, which may store names that begin with `RUN_`. */
  readonly signingSecret: string;
  readonly token: string;
  /** A server that gives the answers that a test scripts. */
  readonly scripted: string;
}

/** How the suite ended. */
export interface Report {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** A test that failed. */
export interface Failure {
  /** The module and the title. */
  readonly test: string;
  readonly reason: string;
}
