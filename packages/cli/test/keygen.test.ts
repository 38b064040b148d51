import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestSender, startTestStack } from "@convai-secrets/testing";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "./support/folder.ts";
import { runCommand, runShell } from "./support/run-command.ts";

const keygen = async (args: readonly string[], input = "") => {
  const { code, stdout, stderr } = await runCommand(["keygen", ...args, "--json"], { input });
  return { code, stderr, document: JSON.parse(stdout) };
};

/** Starts the Worker with a SENDERS document. */
async function startWorker(senders: unknown): Promise<string> {
  const stack = await startTestStack({
    senders: [await createTestSender()],
    env: { SENDERS: JSON.stringify(senders) },
  });
  onTestFinished(stack.stop);
  return stack.url;
}

const credentialOf = (credential: string) =>
  credential.startsWith("whsec_")
    ? { CONVAI_SECRETS_SIGNING_SECRET: credential }
    : { CONVAI_SECRETS_TOKEN: credential };

test.each([
  ["signing_secret", [], /^whsec_[A-Za-z0-9+/]{43}=$/],
  ["token", ["--token"], /^cs_[\w-]{43}$/],
])("keygen makes a %s and the document that allows it", async (kind, args, form) => {
  const { code, stderr, document } = await keygen(["new-one", ...args, "--names", "A_*", "B"]);
  expect({ code, stderr, kind: document.kind }).toEqual({ code: 0, stderr: "", kind });
  expect(document.credential).toMatch(form);
  expect(document.senders).toEqual([document.sender]);
  expect(document.sender).toMatchObject({ id: "new-one", names: ["A_*", "B"] });

  const CONVAI_SECRETS_URL = await startWorker(document.senders);
  const env = { CONVAI_SECRETS_URL, ...credentialOf(document.credential) };
  const create = (name: string) => runCommand(["create", name], { env, input: "v" });
  expect([await create("A_1"), await create("C")]).toMatchObject([{ code: 0 }, { code: 4 }]);
});

test("the document contains only the hash of a token", async () => {
  const { document } = await keygen(["ci", "--token", "--existing", "update"]);
  expect(JSON.stringify(document.senders)).not.toContain(document.credential);
  expect(document.sender).toEqual({
    id: "ci",
    existing: "update",
    tokenHashes: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
  });
});

test("--add adds a sender to a document, and --out writes it for its owner only", async () => {
  const file = join(await makeFolder(), "senders.json");
  await keygen(["a", "--out", file]);
  const { code, document } = await keygen(["b", "--token", "--add", file, "--out", file]);
  expect(code).toBe(0);
  expect(document).not.toHaveProperty("senders");
  const senders = JSON.parse(await readFile(file, "utf8"));
  expect(senders.map(({ id }: { id: string }) => id)).toEqual(["a", "b"]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await runCommand(["check-senders", file])).toMatchObject({ code: 0 });
});

test("--add rejects a sender that the document contains, and --rotate one that it does not", async () => {
  const { document: old } = await keygen(["a"]);
  const input = JSON.stringify(old.senders);
  for (const args of [
    ["a", "--add"],
    ["b", "--rotate"],
  ]) {
    const { code, document } = await keygen(args, input);
    expect(code).toBe(3);
    expect(document.error.issues).toMatchObject([{ path: "SENDER" }]);
  }
});

test.each([
  ["a signing secret", []],
  ["a token", ["--token"]],
])("--rotate adds %s beside the old credential, and both are accepted", async (_, args) => {
  const { document: old } = await keygen(["a", "--names", "A_*"]);
  const { document: other } = await keygen(["b", "--token"]);
  const before = [old.sender, other.sender];
  const { code, document } = await keygen(["a", "--rotate", ...args], JSON.stringify(before));
  expect(code).toBe(0);
  expect(document.senders[1]).toEqual(other.sender);
  expect(document.senders[0]).toMatchObject({ id: "a", names: ["A_*"] });

  const CONVAI_SECRETS_URL = await startWorker(document.senders);
  for (const credential of [old.credential, document.credential]) {
    const env = { CONVAI_SECRETS_URL, ...credentialOf(credential) };
    expect(await runCommand(["create", "A_1"], { env, input: "v" })).toMatchObject({ code: 0 });
  }
});

test.each([
  ["an id that breaks the rule", ["A b"], "", "SENDERS.0.id"],
  ["an empty pattern", ["a", "--names", ""], "", "SENDERS.0.names.0"],
  ["a document that is not JSON", ["a", "--rotate"], "{", "SENDERS"],
  ["a document that is invalid", ["b", "--rotate"], '[{"id":"a"}]', "SENDERS.0"],
])("keygen rejects %s by path and rule", async (_, args, input, path) => {
  const { code, document } = await keygen(args, input);
  expect(code).toBe(3);
  expect(document.error.issues).toMatchObject([{ path }]);
});

test("--rotate and --names exclude each other", async () => {
  const args = ["keygen", "a", "--rotate", "--names", "A"];
  expect(await runCommand(args)).toMatchObject({ code: 2 });
});

test("keygen refuses to print a credential if stderr is not a terminal", async () => {
  const { code, stdout, stderr } = await runCommand(["keygen", "a"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Use --json");
  expect(stderr).not.toContain("whsec_");
});

test.runIf(process.platform !== "win32")(
  "keygen refuses to print a credential to a file that others can read",
  async () => {
    const file = join(await makeFolder(), "out.json");
    const run = (line: string) => runShell(line, { FILE: file });
    const open = await run('umask 022; $CMD keygen a --json > "$FILE"');
    expect(open).toMatchObject({ code: 2 });
    expect(open.stderr).toContain("--out FILE");
    expect(await readFile(file, "utf8")).not.toContain("whsec_");
    await chmod(file, 0o600);
    expect(await run('$CMD keygen a --json > "$FILE"')).toMatchObject({ code: 0 });
    expect(await readFile(file, "utf8")).toContain("whsec_");
  },
);

test.runIf(process.platform !== "win32")(
  "keygen leaves the document as it is if it refuses to print the credential",
  async () => {
    const folder = await makeFolder();
    const file = join(folder, "senders.json");
    await keygen(["a", "--out", file]);
    const before = await readFile(file, "utf8");
    const line = 'umask 022; $CMD keygen ci --token --json --add "$FILE" --out "$FILE" > "$OUT"';
    const { code } = await runShell(line, { FILE: file, OUT: join(folder, "out.json") });
    expect(code).toBe(2);
    expect(await readFile(file, "utf8")).toBe(before);
  },
);

const AUDIENCE = ["--audience", "https://secrets.example.com"];
const GITHUB = ["--github", "acme/app", "--repository-id", "123", "--owner-id", "45"];
const GITLAB = ["--gitlab", "acme/app", "--project-id", "7", "--namespace-id", "8"];
const JWKS = {
  keys: [{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }],
};

test.each<[string, readonly string[], object]>([
  [
    "--github with an environment",
    [...GITHUB, "--environment", "production"],
    {
      issuer: "github",
      claims: { repository_id: "123", repository_owner_id: "45", environment: "production" },
    },
  ],
  [
    "--github with a branch and a workflow",
    [...GITHUB, "--ref", "main", "--workflow", "deploy.yml@main"],
    {
      issuer: "github",
      claims: {
        repository_id: "123",
        repository_owner_id: "45",
        ref: "refs/heads/main",
        job_workflow_ref: "acme/app/.github/workflows/deploy.yml@refs/heads/main",
      },
    },
  ],
  [
    "--gitlab with a branch",
    [...GITLAB, "--ref", "main"],
    {
      issuer: "gitlab",
      claims: { project_id: "7", namespace_id: "8", ref: "main", ref_protected: "true" },
    },
  ],
  [
    "--kubernetes",
    ["--kubernetes", "prod/vault", "--issuer", "https://cluster.example.com"],
    {
      issuer: "https://cluster.example.com",
      claims: { sub: "system:serviceaccount:prod:vault" },
    },
  ],
])("keygen %s makes a policy without a credential", async (_, args, rule) => {
  const { stdout, stderr, code } = await runCommand(["keygen", "oidc", ...args, ...AUDIENCE]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [sender] = JSON.parse(stdout);
  expect(sender.oidc).toEqual([{ ...rule, audience: AUDIENCE[1] }]);
  expect(await runCommand(["check-senders"], { input: stdout })).toMatchObject({ code: 0 });
});

test("keygen --kubernetes --jwks contains the keys of the cluster", async () => {
  const file = join(await makeFolder(), "jwks.json");
  await writeFile(file, JSON.stringify(JWKS));
  const args = ["--kubernetes", "prod/vault", "--issuer", "https://cluster.example.com"];
  const { document } = await keygen(["k8s", ...args, ...AUDIENCE, "--jwks", file]);
  expect(document.sender.oidc[0].jwks).toEqual(JWKS);
});

test("the audience is by default the configured address", async () => {
  const env = { CONVAI_SECRETS_URL: "https://secrets.example.com" };
  const args = ["keygen", "oidc", ...GITHUB, "--ref", "main"];
  const { stdout } = await runCommand(args, { env });
  expect(JSON.parse(stdout)[0].oidc[0].audience).toBe(env.CONVAI_SECRETS_URL);
});

test.each([
  [["--github", "acme/app", "--ref", "main"], "gh api repos/acme/app"],
  [["--gitlab", "acme/app", "--ref", "main"], "glab api projects/acme%2Fapp"],
  [["--kubernetes", "prod/vault"], "kubectl get --raw"],
  [GITHUB, "One of --ref, --environment and --workflow"],
  [[...GITHUB, ...GITLAB], "exclude each other"],
  [["--repository-id", "1"], "needs --github"],
])("keygen %j says which option is missing", async (args, text) => {
  const { code, stderr } = await runCommand(["keygen", "oidc", ...args, ...AUDIENCE]);
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});
