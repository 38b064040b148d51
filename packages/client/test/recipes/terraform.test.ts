import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecipe } from "./read-recipe.ts";
import { askProgram, hasProgram, runRecipe } from "./run-recipe.ts";
import { expectNoSecret, expectStored, useRig, VALUE } from "./use-rig.ts";

const rig = useRig();
const PROGRAMS = ["bash", "curl", "jq", "terraform"];
const CONFIGURATION = readRecipe("Terraform", "hcl");

test.runIf(PROGRAMS.every(hasProgram) && hasEphemeralVariables())(
  "apply stores the secret, and neither plan nor state holds it",
  async () => {
    const first =
      "terraform init && terraform plan -out=plan && terraform show -json plan >shown.json";
    const script = `${first} && terraform apply plan && terraform apply -auto-approve`;
    const applied = await runRecipe(["bash", "-c", script], {
      files: { "main.tf": CONFIGURATION },
      programs: PROGRAMS,
      env: {
        CHECKPOINT_DISABLE: "1", // it would ask for a newer version
        CONVAI_SECRETS_URL: rig().url,
        CONVAI_SECRETS_KEY: rig().token,
        TF_IN_AUTOMATION: "1",
        TF_VAR_crm_token: VALUE,
        TF_VAR_crm_token_version: "1",
      },
    });
    expect(applied.exitCode, applied.stderr).toBe(0);
    expectStored(rig(), "CRM_TOKEN");
    expect(applied.commandLines.match(/^curl /gm)).toHaveLength(1);
    const state = await readFile(join(applied.folder, "terraform.tfstate"), "utf8");
    expect(JSON.parse(state).resources).toHaveLength(1);
    const plan = await readFile(join(applied.folder, "shown.json"), "utf8");
    expect(Object.keys(JSON.parse(plan).variables)).toContain("crm_token_version");
    expectNoSecret(plan, rig());
    expectNoSecret(applied.commandLines + applied.stdout + applied.stderr + state, rig());
  },
);

/** Terraform has them since 1.10. */
function hasEphemeralVariables(): boolean {
  const said = askProgram("terraform", ["version", "-json"]) ?? "{}";
  const { terraform_version = "0" } = JSON.parse(said) as { terraform_version?: string };
  const [major = 0, minor = 0] = terraform_version.split(".").map(Number);
  return major > 1 || minor >= 10;
}
