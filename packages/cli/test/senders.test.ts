import { expect, test } from "vitest";
import { runCommand } from "./support/run-command.ts";
import { startForTest } from "./support/sender.ts";

const keygen = async (args: readonly string[], input = "") => {
  const { code, stdout, stderr } = await runCommand(["keygen", ...args, "--json"], { input });
  return { code, stderr, document: JSON.parse(stdout) };
};

test.each([
  ["signing_secret", [], /^whsec_[A-Za-z0-9+/]{43}=$/],
  ["token", ["--token"], /^cs_[\w-]{43}$/],
])("keygen makes a %s, and the JSON beside it lets it in", async (kind, args, form) => {
  const { code, stderr, document } = await keygen(["new-one", ...args, "--names", "A_*", "B"]);
  expect({ code, stderr, kind: document.kind }).toEqual({ code: 0, stderr: "", kind });
  expect(document.credential).toMatch(form);
  expect(document.sender).toMatchObject({ id: "new-one", names: ["A_*", "B"] });

  const rig = await startForTest({ SENDERS: JSON.stringify([document.sender]) });
  const env = { CONVAI_SECRETS_URL: rig.url, CONVAI_SECRETS_KEY: document.credential };
  const create = (name: string) => runCommand(["create", name], { env, input: "v" });
  expect([await create("A_1"), await create("B"), await create("C")]).toMatchObject([
    { code: 0 },
    { code: 0 },
    { code: 4 },
  ]);
});

test("a token is in no place but where it is shown: SENDERS gets its hash", async () => {
  const { document } = await keygen(["ci", "--token"]);
  expect(JSON.stringify(document.sender)).not.toContain(document.credential);
  expect(document.sender.tokenHashes).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
});

test.each([
  ["a signing secret", []],
  ["a token", ["--token"]],
])(
  "--rotate adds %s beside the old ones, both let in, and changes nothing else",
  async (_, args) => {
    const { document: old } = await keygen(["a", "--names", "A_*"]);
    const { document: other } = await keygen(["b", "--token"]);
    const before = [old.sender, other.sender];
    const { code, document } = await keygen(["a", "--rotate", ...args], JSON.stringify(before));
    expect(code).toBe(0);
    expect(document.senders).toHaveLength(2);
    expect(document.senders[1]).toEqual(other.sender);
    expect(document.senders[0]).toMatchObject({ id: "a", names: ["A_*"] });
    expect(document.senders[0].signingSecrets).toContain(old.credential);
    expect(document.sender).toEqual(document.senders[0]);

    const rig = await startForTest({ SENDERS: JSON.stringify(document.senders) });
    for (const key of [old.credential, document.credential]) {
      const env = { CONVAI_SECRETS_URL: rig.url, CONVAI_SECRETS_KEY: key };
      expect(await runCommand(["create", "A_1"], { env, input: "v" })).toMatchObject({ code: 0 });
    }
  },
);

test.each([
  ["an id that breaks the rule", ["A b"], "", "SENDERS.0.id"],
  ["an empty pattern", ["a", "--names", ""], "", "SENDERS.0.names.0"],
  ["a document that is none", ["a", "--rotate"], "{", "SENDERS"],
  ["a sender that is not in it", ["b", "--rotate"], '[{"id":"a"}]', "SENDERS.0"],
])("keygen refuses %s, by path and rule", async (_, args, input, path) => {
  const { code, document } = await keygen(args, input);
  expect(code).toBe(3);
  expect(document.error.issues).toMatchObject([{ path }]);
});

test("--rotate refuses a sender that the document does not have", async () => {
  const { document: old } = await keygen(["a"]);
  const { code, document } = await keygen(["b", "--rotate"], JSON.stringify([old.sender]));
  expect(code).toBe(3);
  expect(document.error.issues).toEqual([
    { path: "SENDER", message: "must be one of the document" },
  ]);
});

test("--rotate and --names exclude each other", async () => {
  expect(await runCommand(["keygen", "a", "--rotate", "--names", "A"])).toMatchObject({ code: 2 });
});

test("where standard error is a log, keygen makes nothing and says so", async () => {
  const { code, stdout, stderr } = await runCommand(["keygen", "a"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("--json");
  expect(stderr).not.toContain("whsec_");
});

const check = async (input: string) => {
  const { code, stdout, stderr } = await runCommand(["check-senders", "--json"], { input });
  return { code, stderr, document: JSON.parse(stdout) };
};

test("check-senders takes what the Worker takes, and counts without showing", async () => {
  const { document: made } = await keygen(["a", "--names", "A_*"]);
  const input = `${JSON.stringify([made.sender])}\n`;
  const { code, document } = await check(input);
  expect(code).toBe(0);
  expect(document).toEqual({
    valid: true,
    bytes: input.length - 1,
    senders: [{ id: "a", signing_secrets: 1, tokens: 0, names: ["A_*"] }],
    issues: [],
    warnings: [],
  });
  const { stdout } = await runCommand(["check-senders"], { input });
  expect(stdout).toBe(
    "SENDER  SIGNING_SECRETS  TOKENS  NAMES\na       1                0       A_*\n",
  );
});

test.each([
  ["[", []],
  ["[]", []],
  ['[{"id":"A","tokenHashes":["canary5e7a"]},{"id":"b"}]', []],
  ['[{"id":"a","token":"canary5e7a"}]', []],
])("of %s check-senders says what the Worker's /healthz says", async (input) => {
  const rig = await startForTest({ SENDERS: input });
  const health = await (await fetch(`${rig.url}/healthz`)).text();
  const { code, stderr, document } = await check(input);
  expect(code).toBe(3);
  expect(document.valid).toBe(false);
  expect(document.issues.length).toBeGreaterThan(0);
  for (const { path, message } of document.issues) {
    expect(stderr).toContain(`${path}: ${message}`);
    expect(health).toContain(JSON.stringify(path));
    expect(health).toContain(JSON.stringify(message).slice(1, -1));
  }
  expect(stderr + JSON.stringify(document)).not.toContain("canary5e7a");
});

test("a document larger than a Worker's secret may be is valid, with a warning", async () => {
  const { document: made } = await keygen(["a"]);
  const names = Array.from({ length: 100 }, (_, index) => `${"N".repeat(50)}${index}`);
  const { code, stderr, document } = await check(JSON.stringify([{ ...made.sender, names }]));
  expect(code).toBe(0);
  expect(document.valid).toBe(true);
  expect(document.warnings).toHaveLength(1);
  expect(stderr).toContain("Warning: ");
  expect(stderr).toContain("5 KB");
});
