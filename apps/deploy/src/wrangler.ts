import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as v from "valibot";
import type { Environment } from "./configuration.ts";
import { DeployError } from "./deploy-error.ts";
import { findJson } from "./find-json.ts";
import { redact } from "./redact.ts";
import { runWrangler, type WranglerResult } from "./run-wrangler.ts";
import { withSecretsFile } from "./secrets-file.ts";
import { listCredentials } from "./worker-secrets.ts";

/** A Cloudflare account. */
export interface Account {
  readonly id: string;
  readonly name: string;
}

/** What wrangler reports of a deployment. */
export interface Deployed {
  /** The addresses: URLs, or patterns of routes. */
  readonly targets: readonly string[];
  readonly versionId: string | undefined;
}

const AccountSchema = v.object({ id: v.string(), name: v.string() });
const LoginSchema = v.object({
  loggedIn: v.boolean(),
  accounts: v.optional(v.array(AccountSchema), []),
});
const SecretListSchema = v.array(v.object({ name: v.string() }));
const ReportSchema = v.object({
  type: v.literal("deploy"),
  targets: v.optional(v.array(v.string()), []),
  version_id: v.nullish(v.string()),
});

/** wrangler for one environment of a configuration. */
export class Wrangler {
  readonly #file: string;
  readonly #environmentName: string;
  readonly #environment: Environment;
  #accountId: string | undefined;

  /**
   * @param file the wrangler configuration
   * @param environmentName `""` is production
   */
  constructor(file: string, environmentName: string, environment: Environment) {
    this.#file = file;
    this.#environmentName = environmentName;
    this.#environment = environment;
  }

  /** Bundles the Worker as a deployment does, and uploads nothing. */
  async bundle(): Promise<void> {
    const result = await this.#run(["deploy", "--dry-run"]);
    if (!result.ok) throw failure("The Worker cannot be bundled", result);
  }

  /**
   * Finds out which account a deployment changes. All later commands use it.
   *
   * @throws {DeployError} if wrangler is not logged in, Cloudflare cannot be reached, or several
   * accounts are possible
   */
  async selectAccount(): Promise<Account> {
    const result = await this.#run(["whoami", "--json"]);
    const login = findJson(result.stdout, is(LoginSchema));
    if (login?.loggedIn === false) throw new DeployError(NOT_LOGGED_IN);
    if (!result.ok || login === undefined)
      throw failure("Cloudflare did not confirm the login", result);
    const { accounts = [] } = login;
    const id =
      this.#environment.accountId ??
      process.env["CLOUDFLARE_ACCOUNT_ID"] ??
      (accounts.length === 1 ? accounts[0]?.id : undefined);
    if (id === undefined) throw new DeployError(describeAccounts(accounts));
    this.#accountId = id;
    return accounts.find((account) => account.id === id) ?? { id, name: "without a known name" };
  }

  /** The names of the secrets that are set. Empty if the Worker does not exist yet. */
  async listSecrets(): Promise<string[]> {
    const result = await this.#run(["secret", "list"]);
    const output = result.stdout + result.stderr;
    if (!result.ok && /Worker "[^"]*"[^\n]* not found/.test(output)) return [];
    const secrets = findJson(result.stdout, is(SecretListSchema));
    if (!result.ok || secrets === undefined)
      throw failure("The secrets of the Worker cannot be listed", result);
    return secrets.map(({ name }) => name);
  }

  /**
   * Uploads code and secrets together, as one version: secrets never reach older code. Secrets that
   * are not given stay as they are.
   */
  async deploy(secrets: Readonly<Record<string, string>>): Promise<Deployed> {
    const folder = await mkdtemp(join(tmpdir(), "deploy-"));
    try {
      const report = join(folder, "report.ndjson");
      const env = { WRANGLER_OUTPUT_FILE_PATH: report };
      const hasSecrets = Object.keys(secrets).length > 0;
      const result = hasSecrets
        ? await withSecretsFile(secrets, (stdin) =>
            this.#run(["deploy", "--secrets-file=/dev/stdin"], { env, stdin }),
          )
        : await this.#run(["deploy"], { env });
      if (!result.ok) throw failure("The deployment failed", result, listCredentials(secrets));
      return readReport(await readFile(report, "utf8").catch(() => ""));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  #run(
    args: readonly string[],
    { env = {}, stdin }: { env?: Record<string, string>; stdin?: number } = {},
  ): Promise<WranglerResult> {
    const target = [`--config=${this.#file}`, `--env=${this.#environmentName}`];
    return runWrangler([...args, ...target], {
      folder: dirname(this.#file),
      env: { ...env, ...(this.#accountId && { CLOUDFLARE_ACCOUNT_ID: this.#accountId }) },
      ...(stdin !== undefined && { stdin }),
    });
  }
}

const NOT_LOGGED_IN =
  "wrangler is not logged in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.";

function describeAccounts(accounts: readonly Account[]): string {
  const list = accounts.map(({ id, name }) => `  ${redact(name, [])}: ${redact(id, [])}`);
  return ["Several accounts are possible. Set CLOUDFLARE_ACCOUNT_ID to one of:", ...list].join(
    "\n",
  );
}

function failure(
  what: string,
  { stdout, stderr }: WranglerResult,
  credentials: readonly string[] = [],
): DeployError {
  return new DeployError(`${what}. wrangler says:\n${redact(`${stdout}\n${stderr}`, credentials)}`);
}

/** Reads the report that wrangler writes for programs: one line of JSON for each thing it did. */
function readReport(report: string): Deployed {
  for (const line of report.split("\n")) {
    const entry = findJson(line, is(ReportSchema));
    if (entry !== undefined)
      return { targets: entry.targets ?? [], versionId: entry.version_id ?? undefined };
  }
  return { targets: [], versionId: undefined };
}

function is<TSchema extends v.GenericSchema>(schema: TSchema) {
  return (json: unknown): json is v.InferInput<TSchema> => v.is(schema, json);
}
