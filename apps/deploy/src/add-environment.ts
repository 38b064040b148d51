import { writeFile } from "node:fs/promises";
import { BaseUrlSchema, DEFAULT_BASE_URL, RESIDENCY_BASE_URLS } from "@convai-secrets/core";
import { applyEdits, modify, parse } from "jsonc-parser";
import * as v from "valibot";
import type { Configuration } from "./configuration.ts";
import { DeployError } from "./deploy-error.ts";

/** The settings of a new environment that production does not share. */
export interface EnvironmentSettings {
  readonly host: string;
  readonly jurisdiction: Jurisdiction | undefined;
}

/**
 * Where Cloudflare can keep a ledger.
 *
 * @see https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
export const JURISDICTIONS = ["eu", "fedramp"] as const;

type Jurisdiction = (typeof JURISDICTIONS)[number];

/** Environment names become part of the Worker's name. An API key is longer. */
const ENVIRONMENT_NAME = /^[a-z][a-z0-9-]{0,19}$/;

/** What wrangler does not inherit from the top level of a configuration. */
const NOT_INHERITED = [
  "secrets",
  "vars",
  "durable_objects",
  "ratelimits",
  "version_metadata",
  "secrets_store_secrets",
] as const;

/** @throws {DeployError} if an environment cannot have this name; the name is not shown */
export function checkEnvironmentName(name: string): void {
  if (!ENVIRONMENT_NAME.test(name))
    throw new DeployError(
      "--env takes 1 to 20 characters of a-z, 0-9 and -, and starts with a letter.",
    );
}

/**
 * Reads the workspace's host: a URL, a region of {@link RESIDENCY_BASE_URLS}, or nothing for the
 * global host.
 *
 * @returns `undefined` if it is not a host
 */
export function parseHost(text: string): string | undefined {
  if (text === "") return DEFAULT_BASE_URL;
  if (Object.hasOwn(RESIDENCY_BASE_URLS, text))
    return RESIDENCY_BASE_URLS[text as keyof typeof RESIDENCY_BASE_URLS];
  const { success, output } = v.safeParse(BaseUrlSchema, text);
  return success && new URL(output).origin === output ? output : undefined;
}

/** @returns `undefined` if it is not a jurisdiction */
export function parseJurisdiction(text: string): Jurisdiction | undefined {
  return JURISDICTIONS.find((jurisdiction) => jurisdiction === text);
}

/**
 * Adds an environment to a wrangler configuration: a Worker with its own address, secrets, ledger
 * and rate limit, and with the variables of production except the host. Comments and formatting
 * of the file stay.
 *
 * wrangler inherits bindings, variables and secrets from the top level for no environment, so the
 * section repeats them.
 *
 * @see https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys
 */
export async function addEnvironment(
  file: string,
  text: string,
  configuration: Configuration,
  name: string,
  { host, jurisdiction }: EnvironmentSettings,
): Promise<void> {
  const production: Record<string, unknown> = parse(text);
  const copied = NOT_INHERITED.filter((key) => production[key] !== undefined);
  const section = {
    // Routes are inherited, but two Workers cannot share an address.
    workers_dev: true,
    routes: [],
    ...Object.fromEntries(copied.map((key) => [key, production[key]])),
    vars: {
      ...configuration.vars,
      ELEVENLABS_BASE_URL: host,
      LEDGER_JURISDICTION: jurisdiction,
      // It names the Access application of production's address.
      OPERATOR_ACCESS: undefined,
    },
    ratelimits: configuration.ratelimits.map((limit, index) => ({
      ...limit,
      namespace_id: String(findFreeNamespace(configuration) + index),
    })),
  };
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: "\n" };
  const edits = modify(text, ["env", name], section, { formattingOptions });
  await writeFile(file, applyEdits(text, edits));
}

/** Rate limits with one namespace id share their counters across the account. */
function findFreeNamespace(configuration: Configuration): number {
  const environments = [configuration, ...Object.values(configuration.env)];
  const ids = environments.flatMap(({ ratelimits }) =>
    ratelimits.map(({ namespace_id }) => Number(namespace_id)),
  );
  return Math.max(1000, ...ids) + 1;
}
