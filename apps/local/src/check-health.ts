/** How long the Worker may take to say whether its configuration is right. */
const TIMEOUT_MS = 10_000;

interface HealthProblem {
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Asks a Worker whether its configuration is complete and valid.
 *
 * @throws {Error} that names each binding at fault and its rule, no values
 */
export async function checkHealth(workerUrl: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${workerUrl}/healthz`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (response.ok) return;
  const { detail, errors = [] } = (await response.json()) as HealthProblem;
  const faults = errors.map(({ path, message }) => `  ${path} ${message}`);
  throw new Error([`${detail}:`, ...faults].join("\n"));
}
