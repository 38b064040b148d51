import { readFile } from "node:fs/promises";
import { DEFAULT_BASE_URL } from "@convai-secrets/core";
import { type ParseError, parse } from "jsonc-parser";
import * as v from "valibot";
import { DeployError } from "./deploy-error.ts";

const RouteSchema = v.union([v.string(), v.object({ pattern: v.string() })]);

const EnvironmentSchema = v.object({
  account_id: v.optional(v.string()),
  route: v.optional(RouteSchema),
  routes: v.optional(v.array(RouteSchema)),
  secrets: v.optional(v.object({ required: v.optional(v.array(v.string()), []) }), {}),
  vars: v.optional(v.record(v.string(), v.unknown()), {}),
  ratelimits: v.optional(
    v.array(v.looseObject({ name: v.string(), namespace_id: v.string() })),
    [],
  ),
});

const ConfigurationSchema = v.object({
  ...EnvironmentSchema.entries,
  name: v.string(),
  env: v.optional(
    v.record(v.string(), v.object({ ...EnvironmentSchema.entries, name: v.optional(v.string()) })),
    {},
  ),
});

/** A wrangler configuration, as far as a deployment needs to know it. */
export type Configuration = v.InferOutput<typeof ConfigurationSchema>;

/** What is deployed: one environment of the configuration, with what it inherits. */
export interface Environment {
  readonly workerName: string;
  readonly accountId: string | undefined;
  /** Patterns such as `example.com/*`. Empty if the Worker has its workers.dev address only. */
  readonly routes: readonly string[];
  /** The secrets that must be set on the Worker. Those of a Secrets Store are not among them. */
  readonly requiredSecrets: readonly string[];
  /** The workspace's host. */
  readonly elevenLabsUrl: string;
  /** Where Cloudflare keeps the ledger, if that is configured. */
  readonly jurisdiction: string | undefined;
}

/**
 * Reads a wrangler configuration. wrangler itself checks the rest of it before the upload.
 *
 * @throws {DeployError} if the file cannot be read or is not such a configuration
 */
export async function readConfiguration(
  file: string,
): Promise<{ readonly text: string; readonly configuration: Configuration }> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new DeployError("The wrangler configuration cannot be read. Check --config.");
  });
  const errors: ParseError[] = [];
  const result = v.safeParse(
    ConfigurationSchema,
    parse(text, errors, { allowTrailingComma: true, disallowComments: false }),
  );
  if (errors.length > 0 || !result.success)
    throw new DeployError(
      "The wrangler configuration is invalid. Run `npx wrangler check startup`.",
    );
  return { text, configuration: result.output };
}

/** An environment with what it inherits; `""` is production. `undefined` if it does not exist. */
export function findEnvironment(
  configuration: Configuration,
  name: string,
): Environment | undefined {
  if (name !== "" && !Object.hasOwn(configuration.env, name)) return undefined;
  const section = configuration.env[name] ?? configuration;
  return {
    workerName: section.name ?? `${configuration.name}-${name}`,
    accountId: section.account_id ?? configuration.account_id,
    routes: listRoutes(section) ?? listRoutes(configuration) ?? [],
    requiredSecrets: section.secrets.required,
    elevenLabsUrl: String(section.vars["ELEVENLABS_BASE_URL"] ?? DEFAULT_BASE_URL),
    jurisdiction: readText(section.vars["LEDGER_JURISDICTION"]),
  };
}

function listRoutes({ route, routes }: Pick<Configuration, "route" | "routes">) {
  const listed = routes ?? (route === undefined ? undefined : [route]);
  return listed?.map((entry) => (typeof entry === "string" ? entry : entry.pattern));
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
