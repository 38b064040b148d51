import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { useStart } from "./program.ts";

const execute = promisify(execFile);

const readOutput = useStart();

/** The lines from a title to the next empty line, as they are printed. */
function findBlock(title: string): string {
  const [, rest = ""] = readOutput().split(`${title}\n`);
  return rest.split("\n\n")[0] ?? "";
}

/** The titles of the blocks that were pasted. */
const pasted = new Set<string>();

/** Pastes a block into a shell in another folder. Nothing may appear on standard error. */
async function paste(title: string, shell = "sh"): Promise<string> {
  pasted.add(title);
  const { stdout, stderr } = await execute(shell, ["-c", findBlock(title)], { cwd: tmpdir() });
  expect(stderr).toBe("");
  return stdout.trim();
}

async function listStored(): Promise<string> {
  return await paste("# what ElevenLabs would store now, values included");
}

test.each([
  ["# curl, with the token", "DEMO_TOKEN", "dash"],
  ["# curl, with the token", "DEMO_TOKEN", "bash"],
  ["# curl, with a signature (Standard Webhooks)", "DEMO_SIGNED", "dash"],
  ["# curl, with a signature (Standard Webhooks)", "DEMO_SIGNED", "bash"],
])("the block %j stores %s without an error line in %s", async (title, name, shell) => {
  const answer = JSON.parse(await paste(title, shell));
  expect(answer).toEqual({ type: "stored", secret_id: expect.any(String), name });
  expect(await listStored()).toContain(`"secret_id":"${answer.secret_id}","name":"${name}"`);
});

test("the block of the command works as it is pasted, without an error line", async () => {
  await paste("# the command");
  expect(await listStored()).toContain('"name":"DEMO_COMMAND"');
});

test("no block puts the signing secret or a signature on a command line", () => {
  expect(readOutput()).not.toContain("macopt");
  expect(readOutput()).not.toMatch(/-H ["']webhook-signature/);
});

test("the block of the TypeScript SDK works as it is pasted, without an error line", async () => {
  const secretId = await paste("# TypeScript, the official SDK");
  expect(await listStored()).toContain(`"secret_id":"${secretId}","name":"DEMO_TYPESCRIPT"`);
});

const PYTHON = "# Python, the official SDK (pip install elevenlabs)";

const hasPythonSdk = await execute("python3", ["-c", "from elevenlabs import ElevenLabs"]).then(
  () => true,
  () => false,
);

test.runIf(hasPythonSdk)(
  "the block of the Python SDK works as it is pasted, without an error line",
  async () => {
    const secretId = await paste(PYTHON);
    expect(await listStored()).toContain(`"secret_id":"${secretId}","name":"DEMO_PYTHON"`);
  },
);

test("every block of the output is pasted by a test of this file", () => {
  // Without the SDK, its test is skipped.
  if (!hasPythonSdk) pasted.add(PYTHON);
  const titles = readOutput().match(/^# .+$/gm);
  expect(titles?.toSorted()).toEqual([...pasted].toSorted());
});
