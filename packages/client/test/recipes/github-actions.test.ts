import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readRecipe } from "./read-recipe.ts";
import { hasProgram, runRecipe } from "./run-recipe.ts";
import { expectNoSecret, expectStored, useRig, VALUE } from "./use-rig.ts";

interface Step {
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

const rig = useRig();
const PROGRAMS = ["bash", "cat", "curl", "jq", "tee"];
const [STEP] = parse(readRecipe("GitHub Actions", "yaml")) as [Step];

/** Runs the step's body as the runner does for `shell: bash`. */
function runStep(contexts: Readonly<Record<string, string>>) {
  const env = Object.entries(STEP.env).map(([name, expression]) => {
    const path = /^\$\{\{ ((?:vars|secrets)\.\w+) \}\}$/.exec(expression)?.[1] ?? "";
    return [name, contexts[path] ?? ""];
  });
  return runRecipe(["bash", "--noprofile", "--norc", "-eo", "pipefail", "step.sh"], {
    files: { "step.sh": STEP.run, output: "earlier=output\n" },
    programs: PROGRAMS,
    env: { ...Object.fromEntries(env), GITHUB_OUTPUT: "output" },
  });
}

describe.runIf(PROGRAMS.every(hasProgram))("GitHub Actions", () => {
  test("the step stores the secret, and gives its id to later steps", async () => {
    expect(STEP.shell).toBe("bash");
    const contexts = {
      "vars.CONVAI_SECRETS_URL": rig().url,
      "secrets.CONVAI_SECRETS_KEY": rig().token,
      "secrets.CRM_TOKEN": VALUE,
    };
    for (let run = 0; run < 2; run += 1) {
      const { exitCode, stdout, stderr, commandLines, folder } = await runStep(contexts);
      expect(exitCode, stderr).toBe(0);
      const output = await readFile(join(folder, "output"), "utf8");
      const [, secretId] = /^earlier=output\nsecret_id=(\S+)\n$/.exec(output) ?? [];
      expectStored(rig(), "CRM_TOKEN", secretId);
      expect(commandLines).toMatch(/^curl .*\/v1\/convai\/secrets/m);
      expectNoSecret(commandLines + stdout + stderr, rig());
    }
  });

  test("an attempt that fails leaves no id behind, and the next one does", async () => {
    const { url, token, upstream } = rig();
    upstream.reset();
    upstream.inject({ kind: "drop", name: "CRM_TOKEN" });
    const { exitCode, stderr, folder } = await runStep({
      "vars.CONVAI_SECRETS_URL": url,
      "secrets.CONVAI_SECRETS_KEY": token,
      "secrets.CRM_TOKEN": `${VALUE} changed`,
    });
    expect(exitCode, stderr).toBe(0);
    const [{ secret_id } = { secret_id: "" }] = upstream.secrets();
    const output = await readFile(join(folder, "output"), "utf8");
    expect(output).toBe(`earlier=output\nsecret_id=${secret_id}\n`);
  });

  test("the step fails and says why when it is refused", async () => {
    const { exitCode, stderr } = await runStep({
      "vars.CONVAI_SECRETS_URL": rig().url,
      "secrets.CONVAI_SECRETS_KEY": "cs_wrong",
      "secrets.CRM_TOKEN": VALUE,
    });
    expect(exitCode).toBe(22);
    expect(stderr).toContain('"code":"unauthenticated"');
  });
});
