import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { answerJson, serveLoopback } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readExample, runExample } from "./run-example.ts";
import { AUDIENCE, CLAIMS, useIssuer } from "./use-issuer.ts";
import { expectNoSecret, expectStored, useStack, VALUE } from "./use-stack.ts";

const issuer = useIssuer();
const stack = useStack(() => issuer().rule);
const PROGRAMS = ["bash", "cat", "curl", "jq", "tee"];

interface Step {
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

/** Runs the step of a GitHub workflow as GitHub's runner does for `shell: bash`. */
async function runStep(file: string, contexts: Readonly<Record<string, string>>, runner = {}) {
  const workflow = parse(await readExample(file));
  const [step] = workflow.jobs.store.steps as [Step];
  expect(step.shell).toBe("bash");
  const env = Object.entries(step.env).map(([name, expression]) => {
    const path = /^\$\{\{ ((?:vars|secrets)\.\w+) \}\}$/.exec(expression)?.[1] ?? "";
    return [name, contexts[path] ?? ""];
  });
  const result = await runExample(["bash", "--noprofile", "--norc", "-eo", "pipefail", "step.sh"], {
    files: { "step.sh": step.run, output: "earlier=output\n" },
    programs: PROGRAMS,
    env: { ...Object.fromEntries(env), ...runner, GITHUB_OUTPUT: "output" },
  });
  const output = await readFile(join(result.folder, "output"), "utf8");
  return { ...result, secretId: /^earlier=output\nsecret_id=(\S+)\n$/.exec(output)?.[1] };
}

test("the GitHub step with a token stores the secret and gives its id to later steps", async () => {
  const contexts = {
    "vars.CONVAI_SECRETS_URL": `${stack().url}/`,
    "secrets.CONVAI_SECRETS_TOKEN": stack().sender.token,
    "secrets.CRM_TOKEN": VALUE,
  };
  for (let run = 0; run < 2; run += 1) {
    const result = await runStep("github-actions-token.yml", contexts);
    expect(result.exitCode, result.stderr).toBe(0);
    expectStored(stack(), "CRM_TOKEN", VALUE, result.secretId);
    expectNoSecret(result.commandLines + result.stdout + result.stderr, stack());
  }
});

test("the GitHub step with a token fails and shows why if the Worker rejects the token", async () => {
  const { exitCode, stderr } = await runStep("github-actions-token.yml", {
    "vars.CONVAI_SECRETS_URL": stack().url,
    "secrets.CONVAI_SECRETS_TOKEN": "cs_wrong",
    "secrets.CRM_TOKEN": VALUE,
  });
  expect(exitCode).toBe(22);
  expect(stderr).toContain('"code":"unauthenticated"');
});

test("the GitHub step asks for its OIDC token with the Worker's address and stores the secret", async () => {
  const token = await issuer().sign({ aud: AUDIENCE, ...CLAIMS });
  const runner = await serveLoopback(answerJson({ value: token }));
  const contexts = { "vars.CONVAI_SECRETS_URL": stack().url, "secrets.CRM_TOKEN": VALUE };
  const result = await runStep("github-actions.yml", contexts, {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${runner.url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary-of-the-runner",
  });
  expect(result.exitCode, result.stderr).toBe(0);
  expectStored(stack(), "CRM_TOKEN", VALUE, result.secretId);
  const [request] = runner.received;
  const { searchParams } = new URL(request?.url ?? "", runner.url);
  expect(searchParams.get("audience")).toBe(stack().url);
  expect(request?.headers["authorization"]).toBe("bearer canary-of-the-runner");
  // The runner hides what is masked.
  const shown = result.stdout.replace(`::add-mask::${token}\n`, "");
  expectNoSecret(result.commandLines + shown + result.stderr, stack());
  expect(result.commandLines + shown + result.stderr).not.toContain(token);
});

test("the GitLab job stores the secret with the OIDC token of its environment", async () => {
  const job = parse(await readExample("gitlab-ci.yml"))["store-crm-token"];
  const [variable] = Object.keys(job.id_tokens);
  expect(job.id_tokens[variable ?? ""].aud).toBe(AUDIENCE);
  const token = await issuer().sign({ aud: AUDIENCE, ...CLAIMS });
  const result = await runExample(["bash", "-eo", "pipefail", "script.sh"], {
    files: { "script.sh": job.script.join("\n") },
    programs: PROGRAMS,
    env: { CONVAI_SECRETS_URL: stack().url, CRM_TOKEN: VALUE, [variable ?? ""]: token },
  });
  expect(result.exitCode, result.stderr).toBe(0);
  expectStored(stack(), "CRM_TOKEN", VALUE, JSON.parse(result.stdout).secret_id);
  expectNoSecret(result.commandLines + result.stdout + result.stderr, stack());
  expect(result.commandLines + result.stdout + result.stderr).not.toContain(token);
});
