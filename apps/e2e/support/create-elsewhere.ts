import { PATHS } from "@convai-secrets/protocol";
import type { TestStack } from "@convai-secrets/testing";

/**
 * Creates a secret past the Worker, as a colleague in the dashboard does.
 *
 * @returns its `secret_id`
 */
export async function createElsewhere(
  { upstream, upstreamUrl, apiKey }: TestStack,
  name: string,
  value = "created elsewhere",
): Promise<string> {
  const request = new Request(upstreamUrl + PATHS.secrets, {
    method: "POST",
    headers: { "xi-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ type: "new", name, value }),
  });
  const response = await upstream.fetch(request);
  if (!response.ok) throw new Error(`The upstream answered ${response.status}`);
  return ((await response.json()) as { secret_id: string }).secret_id;
}
