import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Stop } from "./stop.ts";

/** How a command ended. */
interface Ended {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The wrangler on the PATH, in the Worker's folder and for one environment of its configuration. */
export class Wrangler {
  readonly #folder: string;
  readonly #environment: string;

  constructor(folder: string, environment: string) {
    this.#folder = folder;
    this.#environment = environment;
  }

  /** Packs the Worker as a deployment would. */
  async rehearse(): Promise<void> {
    const ended = await this.#run(["deploy", "--dry-run"]);
    if (!ended.ok) throw failed("The Worker cannot be packed", ended);
  }

  async isLoggedIn(): Promise<boolean> {
    return (await this.#run(["whoami", "--json"])).ok;
  }

  /** The names of the secrets that are set; none if the Worker does not exist yet. */
  async listSecrets(): Promise<string[]> {
    const ended = await this.#run(["secret", "list"]);
    if (!ended.ok && /Worker "[^"]*".* not found/.test(ended.stdout + ended.stderr)) return [];
    if (!ended.ok) throw failed("The secrets that are set cannot be listed", ended);
    const json = ended.stdout.slice(ended.stdout.indexOf("["));
    return (JSON.parse(json) as { name: string }[]).map(({ name }) => name);
  }

  /** Sets secrets, all in one new version. They travel by the command's input alone. */
  async putSecrets(secrets: Readonly<Record<string, string>>): Promise<void> {
    const ended = await this.#run(["secret", "bulk"], { input: JSON.stringify(secrets) });
    // Its output is not shown: what a future wrangler prints of its input is not known.
    if (!ended.ok) throw new Stop("The secrets could not be set: wrangler secret bulk failed.");
  }

  /** Deploys, and gives the addresses that wrangler reports. */
  async deploy(): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), "deploy-"));
    try {
      const report = join(folder, "report.ndjson");
      const env = { WRANGLER_OUTPUT_FILE_PATH: report };
      const ended = await this.#run(["deploy"], { env });
      if (!ended.ok) throw failed("The deployment failed", ended);
      return readTargets(await readFile(report, "utf8"));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async #run(
    args: readonly string[],
    { input = "", env = {} }: { input?: string; env?: Record<string, string> } = {},
  ): Promise<Ended> {
    const child = spawn("wrangler", [...args, `--env=${this.#environment}`], {
      cwd: this.#folder,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: "pipe",
    });
    child.stdin.on("error", () => {}).end(input);
    const [code, stdout, stderr] = await Promise.all([
      new Promise<number | null>((resolve, reject) => {
        child.on("error", reject).on("close", resolve);
      }),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { ok: code === 0, stdout, stderr };
  }
}

function failed(what: string, { stdout, stderr }: Ended): Stop {
  return new Stop(`${what}. wrangler says:\n${stdout}${stderr}`.trimEnd());
}

/** Reads the report that wrangler writes for programs, a line of JSON for each thing it did. */
function readTargets(report: string): string[] {
  const lines = report.split("\n").filter((line) => line !== "");
  const entries = lines.map((line): { type: string; targets?: string[] } => JSON.parse(line));
  return entries.find(({ type }) => type === "deploy")?.targets ?? [];
}
