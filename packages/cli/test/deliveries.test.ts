import { expect, test } from "vitest";
import { runCommand } from "./support/run-command.ts";
import { startForTest } from "./support/sender.ts";

const list = async (env: Readonly<Record<string, string>>, ...args: string[]) =>
  JSON.parse((await runCommand(["deliveries", "--json", ...args], { env })).stdout).deliveries;

test.each(["env", "tokenEnv"] as const)(
  "all pages are listed, the newest first, or as many as --limit says (%s)",
  async (which) => {
    const { [which]: env, upstream } = await startForTest();
    const names = Array.from({ length: 130 }, (_, index) => `N_${index}`);
    const input = JSON.stringify(Object.fromEntries(names.map((name) => [name, "v"])));
    await runCommand(["push", "--concurrency", "1"], { env, input });
    const newestFirst = names.toReversed();
    const listed = await list(env);
    expect(listed.map((one: { name: string }) => one.name)).toEqual(newestFirst);
    const ids = new Map(upstream.secrets().map((one) => [one.name, one.secret_id]));
    for (const { name, state, secret_id } of listed) {
      expect({ state, secret_id }).toEqual({ state: "stored", secret_id: ids.get(name) });
    }
    const some = await list(env, "--limit", "105");
    expect(some.map((one: { name: string }) => one.name)).toEqual(newestFirst.slice(0, 105));
  },
);

test("the table has a line for each, with its state and secret_id", async () => {
  const { env, upstream } = await startForTest();
  upstream.inject({ kind: "answer", status: 422, name: "B" });
  await runCommand(["push", "--concurrency", "1"], { env, input: '{"A":"v","B":"v"}' });
  const { code, stdout, stderr } = await runCommand(["deliveries"], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [head, ...rows] = stdout.trimEnd().split("\n");
  expect(head).toMatch(/^NAME +STATE +SECRET_ID +CREATED_AT +LAST_SEEN_AT +ATTEMPTS +ID$/);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^B +refused +- +20\d\d-\S+ +20\d\d-\S+ +1 +\S+$/);
  expect(rows[1]).toMatch(new RegExp(`^A +stored +${upstream.secrets()[0]?.secret_id} `));
});

test("nothing delivered yet is no fault", async () => {
  const { env } = await startForTest();
  const { code, stderr } = await runCommand(["deliveries"], { env });
  expect(code).toBe(0);
  expect(stderr).toContain("nothing yet");
  expect(await list(env)).toEqual([]);
});

test("a credential that is refused ends with 4", async () => {
  const { env } = await startForTest();
  const strange = { ...env, CONVAI_SECRETS_KEY: `cs_${"a".repeat(43)}` };
  const { code, stdout } = await runCommand(["deliveries", "--json"], { env: strange });
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error).toMatchObject({ code: "unauthenticated", status: 401 });
});

test.each(["0", "-1", "x", "1.5"])("a --limit of %s is refused", async (limit) => {
  expect(await runCommand(["deliveries", `--limit=${limit}`])).toMatchObject({ code: 2 });
});
