import { readFile } from "node:fs/promises";
import { createGitHubIdTokenSource } from "@convai-secrets/client";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";
import { type Settings, VARIABLES } from "./settings.ts";

/**
 * Creates the function that the client calls before each attempt, and calls it once, so that a
 * missing file or permission is found before anything is sent.
 *
 * @throws {CommandFailure}
 */
export async function createIdTokenSource(settings: Settings): Promise<() => Promise<string>> {
  const { url, idToken, idTokenFile, idTokenAudience: audience = url, gitHubRequest } = settings;
  if (idToken !== undefined) return async () => idToken;
  if (idTokenFile !== undefined) {
    const read = async () => (await readFile(idTokenFile, "utf8")).trim();
    await read().catch(() => {
      throw reject(VARIABLES.idTokenFile, "must name a file that can be read");
    });
    return read;
  }
  const { url: requestUrl, token: requestToken } = gitHubRequest ?? { url: "", token: "" };
  const request = createGitHubIdTokenSource({ requestUrl, requestToken, audience });
  await request().catch(() => {
    const rule = "must answer with a token; the job needs `permissions: id-token: write`";
    throw reject("ACTIONS_ID_TOKEN_REQUEST_URL", rule);
  });
  return request;
}

function reject(path: string, rule: string): CommandFailure {
  const message = "The platform gave no OIDC token";
  return new CommandFailure("configuration", EXIT.usage, message, [{ path, rule }]);
}
