import type { Lab } from "./lab/start-lab.ts";
import type { Report } from "./suite/report.ts";

/** What a platform cannot do, by the title of the test that shows it. */
export type Limits = Readonly<Record<string, string>>;

/** A runtime that can be had on this machine. */
export interface Found {
  readonly version: string;
  /** Runs the suite there, with no more rights than it needs. */
  run(lab: Lab): Promise<Report>;
}

/** A runtime that cannot, and why not. */
export interface Missing {
  readonly missing: string;
}

/** A runtime the suite is to run on. */
export interface Runtime {
  readonly name: string;
  /** Tests that do not hold there for a reason of the platform: titles, and the reason. */
  readonly limits?: Limits;
  find(): Promise<Found | Missing>;
}
