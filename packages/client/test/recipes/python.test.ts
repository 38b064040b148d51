import { expect, test } from "vitest";
import { readRecipe } from "./read-recipe.ts";
import { askProgram, runRecipe } from "./run-recipe.ts";
import { expectNoSecret, expectStored, useRig, VALUE } from "./use-rig.ts";

const rig = useRig();

/** The interpreter itself: what the PATH gives may be a script that needs more programs. */
const askPython = (line: string) => askProgram("python3", ["-c", line]);
const PYTHON = askPython("import sys; print(sys.executable)");
const SDK = askPython("import elevenlabs, sys; print(sys.executable)");

async function runPython(title: string, name: string, key: string): Promise<string> {
  const files = { "store_secret.py": readRecipe(title, "python") };
  const env = { CONVAI_SECRETS_URL: rig().url, CONVAI_SECRETS_KEY: key, PYTHONUTF8: "1" };
  const run = { files, programs: ["python3"], paths: { python3: PYTHON ?? "" }, env, input: VALUE };
  const { exitCode, stdout, stderr, commandLines } = await runRecipe(
    ["python3", "store_secret.py", name],
    run,
  );
  expect(exitCode, stderr).toBe(0);
  expectNoSecret(commandLines + stdout + stderr, rig());
  return stdout.trim();
}

test.runIf(PYTHON !== undefined)("Python alone signs, and stores the secret once", async () => {
  for (let run = 0; run < 2; run += 1) {
    const secretId = await runPython("Python", "PYTHON_SIGNED", rig().senderKey);
    expectStored(rig(), "PYTHON_SIGNED", secretId);
  }
});

test.runIf(SDK !== undefined)("the official SDK stores the secret", async () => {
  const secretId = await runPython("Python, the official SDK", "PYTHON_SDK", rig().token);
  expectStored(rig(), "PYTHON_SDK", secretId);
});
