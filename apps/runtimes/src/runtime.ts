import type { Servers } from "./servers/start-servers.ts";
import type { Report } from "./suite/support/report.ts";

/** Why a test fails because of the platform, by the title of the test. */
export type Limits = Readonly<Record<string, string>>;

/** A runtime that is available on this machine. */
export interface Found {
  readonly version: string;
  /** Runs the suite there, with only the permissions that it needs. */
  run(servers: Servers): Promise<Report>;
}

/** A runtime that is not available, and why. */
export interface Missing {
  readonly missing: string;
}

/** A runtime that the suite supports. */
export interface Runtime {
  readonly name: string;
  /** The tests that fail there because of the platform. */
  readonly limits?: Limits;
  find(): Promise<Found | Missing>;
}
