import {
  EXISTING_POLICIES,
  type Existing,
  generateSigningSecret,
  generateToken,
  hashToken,
  parseJson,
} from "@convai-secrets/protocol";
import { type Command, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { VARIABLES } from "../connection/settings.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { removeFinalLineBreak } from "../input/decode-text.ts";
import { readFileOf, readStandardInput } from "../input/read-text.ts";
import {
  addSender,
  type Credentials,
  parseEntries,
  requireValid,
  rotateSender,
  type SenderEntry,
} from "../keygen/edit-senders.ts";
import { buildOidcRule, type OidcOptions } from "../keygen/oidc-rule.ts";
import { paint } from "../output/paint.ts";
import {
  requirePrivateStdout,
  requireTerminalStderr,
  writePrivateFile,
} from "../output/private-output.ts";
import type { Report } from "../report.ts";

interface KeygenOptions extends OidcOptions {
  readonly token?: boolean;
  readonly names?: string[];
  readonly existing?: Existing;
  readonly jwks?: string;
  readonly add?: string | true;
  readonly rotate?: string | true;
  readonly out?: string;
  readonly json?: boolean;
}

const HELP = `
Standard output is the whole SENDERS document in one line. Standard error shows the credential, once,
if it is a terminal. With --json, both are fields of one document. A signing secret is safer than a
token because it is never sent. The document contains signing secrets, but only hashes of tokens.

--add adds SENDER to a document. --rotate adds a credential to a SENDER of the document: deploy it,
give the sender its new credential, then remove the old one. Both read FILE, or standard input.

An OIDC sender has no credential to keep: the platform issues its tokens. Pin ids, because names are
recycled. --github needs --repository-id, --owner-id and one of --ref, --environment and --workflow.
--gitlab needs --project-id, --namespace-id and --ref or --environment. --kubernetes needs --issuer,
and --jwks if the Worker cannot reach the cluster (kubectl get --raw /openid/v1/jwks).

Examples:
  convai-secrets keygen vault-prod --names 'VAULT_*' 'CRM_*' --existing update --out senders.json
  convai-secrets keygen ci --token --add senders.json --out senders.json
  convai-secrets keygen vault-prod --rotate senders.json --out senders.json
  convai-secrets keygen deploy --github acme/app --repository-id 123 --owner-id 45 \\
    --environment production --audience https://secrets.example.com --add senders.json`;

/** Adds `keygen`. */
export function addKeygen(program: Command, { finish }: Context): void {
  program
    .command("keygen")
    .summary("make a sender, its credential and the SENDERS document")
    .description("Makes a sender with a new credential, in a new or an existing SENDERS document.")
    .argument("<SENDER>", "the sender's id: 1 to 64 of a-z, 0-9 and -")
    .option("--token", "a token instead of a signing secret")
    .option("--names <PATTERN...>", "the names that it may store; default all")
    .addOption(
      new Option("--existing <policy>", "what happens to an existing name").choices(
        EXISTING_POLICIES,
      ),
    )
    .option("--github <OWNER/REPO>", "an OIDC sender: jobs of a GitHub repository")
    .option("--gitlab <GROUP/PROJECT>", "an OIDC sender: jobs of a GitLab project")
    .option("--kubernetes <NAMESPACE/ACCOUNT>", "an OIDC sender: a Kubernetes service account")
    .option("--audience <URL>", "the tokens' audience; default CONVAI_SECRETS_URL")
    .option("--issuer <URL>", "the tokens' issuer; default the platform's")
    .option("--repository-id <id>", "GitHub: the repository's id")
    .option("--owner-id <id>", "GitHub: the id of the repository's owner")
    .option("--project-id <id>", "GitLab: the project's id")
    .option("--namespace-id <id>", "GitLab: the id of the project's group")
    .option("--ref <ref>", "only this branch or tag")
    .option("--environment <name>", "only this deployment environment")
    .option("--workflow <FILE@REF>", "GitHub: only this workflow")
    .option("--jwks <file>", "Kubernetes: the issuer's public keys")
    .addOption(
      new Option("--add [file]", "add the sender to the SENDERS document of a file").conflicts(
        "rotate",
      ),
    )
    .addOption(
      new Option(
        "--rotate [file]",
        "add a credential to the sender in the SENDERS document of a file",
      ).conflicts(["names", "existing"]),
    )
    .option("--out <file>", "write the document to a file that only you can read")
    .option("--json", "print the result as JSON")
    .addHelpText("after", HELP)
    .action(async (id: string, options: KeygenOptions) => finish(await generate(id, options)));
}

async function generate(id: string, options: KeygenOptions): Promise<Report> {
  const { names, existing, add, rotate, out, json = false } = options;
  const made = await makeCredential(options);
  if (made.credential !== undefined && !json) requireTerminalStderr();
  const sender = { id, ...(names && { names }), ...(existing && { existing }) };
  const source = add ?? rotate;
  const before = source === undefined ? [] : await readEntries(add ? "--add" : "--rotate", source);
  const senders: SenderEntry[] =
    rotate === undefined
      ? addSender(before, { ...sender, ...made.fields })
      : rotateSender(before, id, made.fields);
  const text = JSON.stringify(senders);
  const { warnings } = requireValid(text);
  const hasSecret = json
    ? made.credential !== undefined || out === undefined
    : out === undefined && senders.some(({ signingSecrets = [] }) => signingSecrets.length > 0);
  if (hasSecret) requirePrivateStdout();
  // After every check: a credential that is then not shown would be lost.
  if (out !== undefined) await writePrivateFile("--out", out, `${text}\n`);
  return {
    document: {
      kind: made.kind,
      credential: made.credential,
      sender: senders.find((one) => one.id === id),
      ...(out === undefined ? { senders } : {}),
      warnings,
    },
    text: out === undefined ? text : "",
    notes: [
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...(made.credential === undefined || json ? [] : showOnce(id, made)),
    ],
    exitCode: EXIT.done,
  };
}

interface MadeCredential {
  readonly kind: "signing_secret" | "token" | "oidc";
  /** What the sender keeps; `undefined` for an OIDC sender. */
  readonly credential?: string;
  readonly fields: Credentials;
}

async function makeCredential(options: KeygenOptions): Promise<MadeCredential> {
  const rule = buildOidcRule(pickOidcOptions(options), process.env[VARIABLES.url]);
  if (rule !== undefined) {
    if (options.token) throw rejectUsage("An OIDC sender has no --token");
    const jwks = options.jwks === undefined ? {} : { jwks: await readJwks(options.jwks) };
    return { kind: "oidc", fields: { oidc: [{ ...rule, ...jwks } as never] } };
  }
  if (options.jwks !== undefined) throw rejectUsage("--jwks needs --kubernetes");
  if (options.token) {
    const credential = generateToken();
    return { kind: "token", credential, fields: { tokenHashes: [await hashToken(credential)] } };
  }
  const credential = generateSigningSecret();
  return { kind: "signing_secret", credential, fields: { signingSecrets: [credential] } };
}

function pickOidcOptions(options: KeygenOptions): OidcOptions {
  const { github, gitlab, kubernetes, issuer, audience, repositoryId, ownerId } = options;
  const { projectId, namespaceId, ref, environment, workflow } = options;
  const ids = { repositoryId, ownerId, projectId, namespaceId };
  const all = { github, gitlab, kubernetes, issuer, audience, ...ids, ref, environment, workflow };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function showOnce(id: string, { kind, credential = "" }: MadeCredential): string[] {
  const variable = kind === "token" ? VARIABLES.token : VARIABLES.signingSecret;
  return [
    `The credential of ${id}, for ${variable}. It is shown only now:`,
    paint(process.stderr, "bold", credential),
  ];
}

async function readEntries(option: string, file: string | true): Promise<SenderEntry[]> {
  const text =
    file === true || file === "-" ? await readStandardInput() : await readFileOf(option, file);
  return parseEntries(removeFinalLineBreak(text));
}

async function readJwks(path: string): Promise<unknown> {
  const { json, issue } = parseJson(await readFileOf("--jwks", path));
  if (issue === undefined) return json;
  const message = "The input cannot be read";
  throw new CommandFailure("invalid_input", EXIT.invalid, message, [
    { path: "--jwks", rule: "must be JSON without duplicate keys" },
  ]);
}

function rejectUsage(message: string): CommandFailure {
  return new CommandFailure("usage", EXIT.usage, message);
}
