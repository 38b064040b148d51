import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecipe } from "./read-recipe.js";
import { hasProgram, runRecipe } from "./run-recipe.js";
import { expectNoSecret, expectStored, useRig, VALUE } from "./use-rig.js";

const rig = useRig();
const PROGRAMS = ["bash", "curl", "jq", "terraform"];
const CONFIGURATION = readRecipe("Terraform", "hcl");

test.runIf(PROGRAMS.every(hasProgram))(
  "apply stores the secret, and no state holds it",
  async () => {
    const script =
      "set -e; for go in 1 2; do terraform init && terraform apply -auto-approve; done";
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
    expectNoSecret(applied.commandLines + applied.stdout + applied.stderr + state, rig());
  },
);
