import { containsSecret, describeIssues, type Issue } from "@convai-secrets/core/internal";
import * as v from "valibot";
import type { Authenticated } from "../auth/authenticator.ts";
import { Problem } from "../problem.ts";

/** The name and value of a secret, valid. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/**
 * Validates the body of a request that stores a secret.
 *
 * @param schema the body of the operation
 * @param json the parsed body
 * @throws {Problem} `invalid_request`
 */
export function parseSecret<Body extends Secret>(
  schema: v.GenericSchema<unknown, Body>,
  json: unknown,
  { sender, credential }: Authenticated,
): Secret {
  const result = v.safeParse(schema, json);
  if (!result.success) throw invalid(describeIssues(result.issues).map(hideValue(json)));
  const { name, value } = result.output;
  const credentials = credential === undefined ? [] : [credential];
  // A sender that stores its own environment would hand its credential to every agent's tools.
  const paths = Object.entries({ name, value }).filter(([, text]) =>
    containsSecret(text, [...credentials, ...sender.signingSecrets]),
  );
  if (paths.length === 0) return { name, value };
  throw invalid(
    paths.map(([path]) => ({ path, rule: "must not contain the sender's credential" })),
  );
}

/** A key of the body can be the value itself. */
function hideValue(json: unknown): (issue: Issue) => Issue {
  const value: unknown = Object(json)["value"];
  if (typeof value !== "string") return (issue) => issue;
  return ({ path, rule }) => ({ path: containsSecret(path, [value]) ? "?" : path, rule });
}

function invalid(issues: readonly Issue[]): Problem {
  return new Problem("invalid_request", "The body breaks the rules listed in errors", { issues });
}
