import type { ApiKeys } from "./api-keys.ts";
import type { ReceivedCalls } from "./call-log.ts";
import type { ChaosOptions } from "./chaos.ts";
import type { Fault } from "./fault.ts";
import type { StoredSecretRecord } from "./secret-store.ts";
import type { Settings } from "./settings.ts";
import type { UsedBy } from "./used-by.ts";

/** Controls of a local upstream: its state, faults and settings. */
export interface Controls {
  /** The stored secrets with their values, oldest first. */
  secrets(): StoredSecretRecord[];
  /** How many calls arrived. */
  received(): ReceivedCalls;
  /**
   * Adds a fault. Each call gets the first fault that matches it, and at most one.
   *
   * @throws {TypeError} if the fault is invalid
   */
  inject(fault: Fault): void;
  clearFaults(): void;
  /**
   * Gives random faults to writes that no injected fault matches; `null` ends that.
   *
   * @throws {TypeError} if a rate is not between 0 and 1, or the sum exceeds 1
   */
  setChaos(options: ChaosOptions | null): void;
  /** Replaces all API keys, to rotate one or to remove a permission. */
  setApiKeys(apiKeys: ApiKeys): void;
  /**
   * Changes the given settings and keeps the others.
   *
   * @throws {TypeError} if a setting is unknown or invalid
   */
  configure(settings: Partial<Settings>): void;
  /** Sets what uses a secret. A secret in use cannot be deleted. An unknown id is ignored. */
  setUsedBy(secretId: string, usedBy: Partial<UsedBy>): void;
  /** Removes secrets, counts, faults, chaos and late calls, and restores the settings. */
  reset(): void;
}
