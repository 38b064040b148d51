import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The Cloudflare account as the fake wrangler keeps it. */
export interface FakeAccount {
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly login: "ok" | "missing" | "unreachable";
  /** The secrets of the Worker; `null` if there is no Worker. */
  readonly secrets: Readonly<Record<string, string>> | null;
  /** The addresses that a deployment reports. */
  readonly targets: readonly string[];
  readonly versionId: string;
  /** What wrangler prints before it fails to upload. `SECRETS` stands for the secrets it got. */
  readonly uploadFailure?: string;
  /** What wrangler prints around its JSON. */
  readonly noise?: string;
}

/** A command that was run: its arguments, and the variables of its environment that matter. */
interface FakeCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A wrangler that needs no Cloudflare account. */
export interface FakeWrangler {
  /** The PATH on which it comes first. */
  readonly path: string;
  readAccount(): Promise<FakeAccount>;
  readCalls(): Promise<FakeCall[]>;
}

/** Makes a command that stands in for wrangler where an account is needed. */
export async function createFakeWrangler(
  folder: string,
  account: FakeAccount,
): Promise<FakeWrangler> {
  const state = join(folder, "account.json");
  const calls = join(folder, "calls.ndjson");
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
      (await readFile(calls, "utf8")).split("\n").flatMap((line) => (line ? JSON.parse(line) : [])),
  };
}

/** The messages and the report are those of wrangler 4.156. */
function describeCommand(state: string, calls: string): string {
  return `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
const account = JSON.parse(fs.readFileSync(${JSON.stringify(state)}, "utf8"));
const names = ["CLOUDFLARE_ACCOUNT_ID", "WRANGLER_LOG_SANITIZE", "ELEVENLABS_API_KEY"];
const env = Object.fromEntries(names.map((name) => [name, process.env[name]]));
fs.appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, env }) + "\\n");
const [command, detail] = args;
const noise = account.noise ?? "";
const printJson = (json) => console.log(noise + "\\n" + JSON.stringify(json, null, 2) + "\\n" + noise);
if (args.includes("--dry-run")) {
  process.exit(0);
} else if (command === "whoami") {
  if (account.login === "unreachable") console.error("A fetch request failed, likely due to a connectivity issue.");
  else if (account.login === "missing") printJson({ loggedIn: false });
  else printJson({ loggedIn: true, accounts: account.accounts });
  process.exit(account.login === "ok" ? 0 : 1);
} else if (detail === "list") {
  if (account.secrets === null) {
    console.error('Worker "convai-secrets" (env: staging) not found.');
    process.exit(1);
  }
  printJson(Object.keys(account.secrets).map((name) => ({ name, type: "secret_text" })));
} else if (command === "deploy") {
  const given = args.includes("--secrets-file=/dev/stdin") ? fs.readFileSync("/dev/stdin", "utf8") : "{}";
  if (account.uploadFailure !== undefined) {
    console.error(account.uploadFailure.replace("SECRETS", given));
    process.exit(1);
  }
  const secrets = { ...account.secrets, ...JSON.parse(given) };
  fs.writeFileSync(${JSON.stringify(state)}, JSON.stringify({ ...account, secrets }));
  const entry = { type: "deploy", version: 1, targets: account.targets, version_id: account.versionId };
  fs.writeFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, '{"type":"wrangler-session"}\\n' + JSON.stringify(entry) + "\\n");
} else {
  process.exit(64);
}
`;
}
