import { unstable_readConfig } from "wrangler";
import { Stop } from "./stop.ts";

/** What the deployment must know of wrangler.jsonc. */
export interface DeployedConfiguration {
  readonly workerName: string;
  /** The secrets that must be set on the Worker. One bound from a Secrets Store is none of them. */
  readonly required: readonly string[];
}

/**
 * Reads an environment of a wrangler configuration; `""` is the top level.
 *
 * @throws {Stop} if there is no such environment, or wrangler refuses the file
 */
export function readConfiguration(config: string, environment: string): DeployedConfiguration {
  try {
    const { name, secrets } = unstable_readConfig({ config, env: environment });
    return { workerName: name ?? "", required: secrets?.required ?? [] };
  } catch (error) {
    throw new Stop(error instanceof Error ? error.message : `${config} cannot be read`);
  }
}
