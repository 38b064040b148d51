import { expect, test } from "vitest";
import { runCommand } from "./support/run-command.ts";
import { startForTest } from "./support/worker.ts";

test("update replaces the value of a secret that this Worker created", async () => {
  const { env, upstream, values } = await startForTest({ existing: "update" });
  await runCommand(["create", "A"], { env, input: "one" });
  const id = upstream.secrets()[0]?.secret_id ?? "";
  const { code, stdout } = await runCommand(["update", id, "A"], { env, input: "two" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `A updated: ${id}\n` });
  expect(values()).toEqual({ A: "two" });
  expect(upstream.secrets()).toHaveLength(1);
});

test("update of a secret that this Worker does not manage ends with 4", async () => {
  const { env } = await startForTest({ existing: "update" });
  const args = ["update", "sec_unknown", "A", "--json"];
  const { code, stdout } = await runCommand(args, { env, input: "v" });
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error).toMatchObject({ code: "secret_not_found" });
});

test("update rejects a value on the command line, and a malformed id", async () => {
  const { env, upstream } = await startForTest();
  const value = await runCommand(["update", "sec_1", "A", "canary"], { env });
  expect(value).toMatchObject({ code: 2 });
  expect(value.stdout + value.stderr).not.toContain("canary");
  expect(await runCommand(["update", "a/b", "A"], { env, input: "v" })).toMatchObject({ code: 3 });
  expect(upstream.received().total).toBe(0);
});
