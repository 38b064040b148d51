import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askProgram, findProgram, readExample, runExample } from "./run-example.ts";
import { expectNoSecret, expectStored, useStack, VALUE } from "./use-stack.ts";

// Its types refer to the DOM's, which would then be declared for every file of the root's tsconfig.
const { parse }: { parse(name: string, text: string): Promise<Record<string, unknown>> } =
  createRequire(import.meta.url)("@cdktf/hcl2json");

const stack = useStack();

interface Configuration {
  readonly variable: { readonly crm_token: readonly [{ readonly ephemeral: boolean }] };
  readonly resource: {
    readonly terraform_data: {
      readonly crm_token: readonly [
        {
          readonly provisioner: {
            readonly "local-exec": readonly [
              { readonly interpreter: readonly [string, ...string[]]; readonly command: string },
            ];
          };
        },
      ];
    };
  };
}

test("the provisioner's command stores the secret, and the value is an ephemeral variable", async () => {
  const { variable, resource } = (await parse(
    "main.tf",
    await readExample("main.tf"),
  )) as unknown as Configuration;
  expect(variable.crm_token[0].ephemeral).toBe(true);
  const [{ interpreter, command }] = resource.terraform_data.crm_token[0].provisioner["local-exec"];
  const result = await runExample([...interpreter, command.replaceAll("$${", "${")], {
    programs: ["bash", "curl", "jq"],
    env: {
      CONVAI_SECRETS_URL: `${stack().url}/`,
      CONVAI_SECRETS_TOKEN: stack().sender.token,
      CRM_TOKEN: VALUE,
    },
  });
  expect(result.exitCode, result.stderr).toBe(0);
  expectStored(stack(), "CRM_TOKEN", VALUE, JSON.parse(result.stdout).secret_id);
  expectNoSecret(result.commandLines + result.stdout + result.stderr, stack());
});

test.runIf(hasEphemeralVariables())(
  "terraform apply stores the secret, and neither plan nor state contains it",
  async () => {
    const plan =
      "terraform init && terraform plan -out=plan && terraform show -json plan >shown.json";
    const script = `${plan} && terraform apply plan && terraform apply -auto-approve`;
    const applied = await runExample(["bash", "-c", script], {
      files: { "main.tf": await readExample("main.tf") },
      programs: ["bash", "curl", "jq", "terraform"],
      env: {
        CHECKPOINT_DISABLE: "1",
        CONVAI_SECRETS_URL: stack().url,
        CONVAI_SECRETS_TOKEN: stack().sender.token,
        TF_IN_AUTOMATION: "1",
        TF_VAR_crm_token: VALUE,
        TF_VAR_crm_token_version: "1",
      },
    });
    expect(applied.exitCode, applied.stderr).toBe(0);
    expectStored(stack(), "CRM_TOKEN");
    const state = await readFile(join(applied.folder, "terraform.tfstate"), "utf8");
    expect(JSON.parse(state).resources).toHaveLength(1);
    const shown = await readFile(join(applied.folder, "shown.json"), "utf8");
    expectNoSecret(applied.commandLines + applied.stdout + applied.stderr + state + shown, stack());
  },
);

/** Terraform has ephemeral variables since 1.10. */
function hasEphemeralVariables(): boolean {
  if (findProgram("terraform") === undefined) return false;
  const version = askProgram("terraform", ["version", "-json"]) ?? "{}";
  const { terraform_version = "0" } = JSON.parse(version) as { terraform_version?: string };
  const [major = 0, minor = 0] = terraform_version.split(".").map(Number);
  return major > 1 || minor >= 10;
}
