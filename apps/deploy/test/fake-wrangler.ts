import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The account as the fake keeps it. */
export interface Account {
  readonly loggedIn: boolean;
  /** The secrets of the Worker; `null` if there is no Worker. */
  readonly secrets: Readonly<Record<string, string>> | null;
  /** What a deployment reports. */
  readonly targets: readonly string[];
  /** Whether an upload fails. */
  readonly fails?: boolean;
  /** Whether setting secrets fails, with all that was given quoted. */
  readonly refuses?: boolean;
  /** Whether the real wrangler packs the Worker. Default no: it takes its time. */
  readonly packs?: boolean;
}

/** Every command that was run, in order, without its environment's flag. */
export interface FakeWrangler {
  /** The PATH on which it comes first. */
  readonly path: string;
  readAccount(): Promise<Account>;
  readCalls(): Promise<string[]>;
  remove(): Promise<void>;
}

const REAL = join(import.meta.dirname, "../../../node_modules/.bin/wrangler");

/** Stands in for wrangler where an account is needed. What needs none, the real one can do. */
export async function createFakeWrangler(account: Account): Promise<FakeWrangler> {
  const folder = await mkdtemp(join(tmpdir(), "fake-wrangler-"));
  const state = join(folder, "account.json");
  const calls = join(folder, "calls.txt");
  await mkdir(join(folder, "bin"));
  await writeFile(state, JSON.stringify(account));
  await writeFile(calls, "");
  const command = join(folder, "bin/wrangler");
  await writeFile(command, describeCommand(state, calls));
  await chmod(command, 0o755);
  return {
    path: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`,
    readAccount: async () => JSON.parse(await readFile(state, "utf8")),
    readCalls: async () =>
      (await readFile(calls, "utf8")).split("\n").filter((line) => line !== ""),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The messages and the report are those of wrangler 4.156. */
function describeCommand(state: string, calls: string): string {
  return `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const args = process.argv.slice(2);
const account = JSON.parse(fs.readFileSync(${JSON.stringify(state)}, "utf8"));
fs.appendFileSync(${JSON.stringify(calls)}, args.join(" ") + "\\n");
const [command, detail] = args;
if (args.includes("--dry-run")) {
  if (account.packs) process.exit(spawnSync(${JSON.stringify(REAL)}, args, { stdio: "inherit" }).status);
} else if (command === "whoami") {
  process.exit(account.loggedIn ? 0 : 1);
} else if (detail === "list") {
  if (account.secrets === null) {
    console.error('Worker "convai-secrets" (env: staging) not found.');
    process.exit(1);
  }
  console.log(JSON.stringify(Object.keys(account.secrets).map((name) => ({ name, type: "secret_text" }))));
} else if (detail === "bulk") {
  const given = fs.readFileSync(0, "utf8");
  if (account.refuses) {
    console.error(given);
    process.exit(1);
  }
  const secrets = { ...account.secrets, ...JSON.parse(given) };
  fs.writeFileSync(${JSON.stringify(state)}, JSON.stringify({ ...account, secrets }));
} else if (command === "deploy") {
  if (account.fails) {
    console.error("A request to the Cloudflare API failed.");
    process.exit(1);
  }
  const entry = { type: "deploy", version: 1, targets: account.targets };
  fs.writeFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, JSON.stringify(entry) + "\\n");
} else {
  process.exit(64);
}
`;
}
