import {
  generateSigningSecret,
  generateToken,
  hashToken,
  type Sender,
} from "@convai-secrets/protocol";
import { type Command, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { readStandardInput } from "../input/read-text.ts";
import { paint } from "../output/paint.ts";
import type { Report } from "../report.ts";
import { type CheckedSenders, checkSenders } from "../senders-document.ts";

interface KeygenOptions {
  readonly token?: boolean;
  readonly names?: readonly string[];
  readonly rotate?: boolean;
  readonly json?: boolean;
}

/** A sender as the SENDERS document has it, before defaults. */
type Entry = Pick<Sender, "id"> &
  Partial<Readonly<Omit<Sender, "names">>> & {
    readonly names?: readonly string[];
  };

const HELP = `
Standard output has the JSON for SENDERS, and standard error the credential, which is shown this once.
With --json both are fields of one document. A signing secret is better than a token: it is never
sent. SENDERS needs it too, whereas of a token it needs the hash only.

--rotate reads the SENDERS document from standard input, and prints it with the new credential added
beside the old ones of SENDER. Deploy it, give the sender its new credential, then remove the old.

Examples:
  convai-secrets keygen vault-prod --names 'VAULT_*' 'CRM_*'
  convai-secrets keygen ci --token --json
  convai-secrets keygen vault-prod --rotate < senders.json > senders.new.json`;

/** Adds `keygen`. */
export function addKeygen(program: Command, { finish }: Context): void {
  program
    .command("keygen")
    .summary("make a credential for a sender")
    .description("Makes a new credential, and the JSON that lets its sender in.")
    .argument("<SENDER>", "the sender's id: 1 to 64 of a-z, 0-9 and -")
    .option("--token", "a token rather than a signing secret")
    .addOption(
      new Option("--names <PATTERN...>", "which names it may store; default all").conflicts(
        "rotate",
      ),
    )
    .option("--rotate", "keep the old credential beside it; reads SENDERS from standard input")
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(async (id: string, options: KeygenOptions) => finish(await generate(id, options)));
}

async function generate(id: string, options: KeygenOptions): Promise<Report> {
  const { token: isToken = false, names, rotate = false, json = false } = options;
  if (!json && !process.stderr.isTTY) throw refuseToLog();
  const kind = isToken ? "token" : "signing_secret";
  const credential = isToken ? generateToken() : generateSigningSecret();
  const field = isToken ? "tokenHashes" : "signingSecrets";
  const configured = isToken ? await hashToken(credential) : credential;

  const before: readonly Entry[] = rotate ? await readSenders() : [{ id, ...(names && { names }) }];
  const old = before.find((sender) => sender.id === id);
  if (old === undefined) throw refuse([{ path: "SENDER", rule: "must be one of the document" }]);
  const sender: Entry = { ...old, [field]: [...(old[field] ?? []), configured] };
  const senders = before.map((one) => (one === old ? sender : one));
  const { warnings } = requireValid(checkSenders(JSON.stringify(senders)));
  return {
    document: { kind, credential, sender, ...(rotate ? { senders } : {}), warnings },
    text: rotate ? JSON.stringify(senders) : JSON.stringify(sender, null, 2),
    notes: [
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...(json ? [] : showOnce(id, credential)),
    ],
    exitCode: EXIT.done,
  };
}

function showOnce(id: string, credential: string): string[] {
  return [
    `The credential of ${id}, its CONVAI_SECRETS_KEY; it is shown this once:`,
    paint(process.stderr, "bold", credential),
  ];
}

/** The document as it was written: what it leaves to defaults stays so. */
async function readSenders(): Promise<Entry[]> {
  const json = await readStandardInput();
  requireValid(checkSenders(json));
  return JSON.parse(json) as Entry[];
}

function requireValid(checked: CheckedSenders): CheckedSenders {
  if (checked.issues.length > 0) throw refuse(checked.issues);
  return checked;
}

function refuse(issues: CheckedSenders["issues"]): CommandFailure {
  const message = "No credential was made: SENDERS would break a rule";
  return new CommandFailure("invalid_input", EXIT.invalid, message, issues);
}

function refuseToLog(): CommandFailure {
  const message =
    "Standard error is no terminal, so the credential would end in a log; use --json to have it as a field";
  return new CommandFailure("usage", EXIT.usage, message);
}
