/** What the suite is run against: servers on this machine, and credentials made for the run. */
export interface Setting {
  /** The stand-in for ElevenLabs, with its control API. */
  readonly upstream: string;
  /** A key of it that may create and list, and one that may only list. */
  readonly apiKey: string;
  readonly readOnlyKey: string;
  /** The real Worker in front of that stand-in. */
  readonly worker: string;
  /** The credentials of its one sender, who may store names that begin with `RUN_`. */
  readonly senderKey: string;
  readonly token: string;
  /** A server that answers as it is told to. */
  readonly scripted: string;
}

/** How the suite ended. */
export interface Report {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** A test that did not hold. */
export interface Failure {
  readonly test: string;
  readonly reason: string;
}
