import type { Configuration } from "../configuration.ts";
import type { LedgerClient } from "../ledger/ledger-client.ts";

/** What a page of the operator is made of: the operator is authenticated. */
export interface OperatorCall {
  /** The user that Access names; recorded with each decision. */
  readonly user: string;
  readonly url: URL;
  readonly ledger: LedgerClient;
  readonly configuration: Configuration;
  /** The time in milliseconds since the epoch. */
  readonly now: number;
}
