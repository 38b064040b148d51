import { expect, test } from "vitest";
import { runCommand } from "./support/run-command.ts";
import { startForTest, UNKNOWN_TOKEN } from "./support/worker.ts";

const list = async (env: Readonly<Record<string, string>>, ...args: string[]) =>
  JSON.parse((await runCommand(["deliveries", "--json", ...args], { env })).stdout).deliveries;

test.each(["env", "tokenEnv"] as const)(
  "deliveries lists every page, newest first, up to --limit (%s)",
  async (which) => {
    const { [which]: env, upstream } = await startForTest();
    const names = Array.from({ length: 130 }, (_, index) => `N_${index}`);
    const input = JSON.stringify(Object.fromEntries(names.map((name) => [name, "v"])));
    await runCommand(["push", "-", "--concurrency", "1"], { env, input });
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

test("deliveries prints a table with a line for each delivery", async () => {
  const { env, upstream } = await startForTest();
  upstream.inject({ kind: "answer", status: 422, name: "B" });
  await runCommand(["push", "-", "--concurrency", "1"], { env, input: '{"A":"v","B":"v"}' });
  const { code, stdout, stderr } = await runCommand(["deliveries"], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [head, ...rows] = stdout.trimEnd().split("\n");
  expect(head).toMatch(
    /^NAME +OPERATION +STATE +SECRET_ID +LAST_SEEN_AT +CREATED_AT +ATTEMPTS +ID$/,
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^B +create +rejected +- +20\d\d-\S+ +20\d\d-\S+ +1 +\S+$/);
  expect(rows[1]).toMatch(new RegExp(`^A +create +stored +${upstream.secrets()[0]?.secret_id} `));
});

test("deliveries of a new sender are an empty list", async () => {
  const { env } = await startForTest();
  const { code, stderr } = await runCommand(["deliveries"], { env });
  expect(code).toBe(0);
  expect(stderr).toContain("no deliveries");
  expect(await list(env)).toEqual([]);
});

test("deliveries ends with 4 if the credential is rejected", async () => {
  const { stack } = await startForTest();
  const strange = { CONVAI_SECRETS_URL: stack.url, CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN };
  const { code, stdout } = await runCommand(["deliveries", "--json"], { env: strange });
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error).toMatchObject({ code: "unauthenticated", status: 401 });
});

test.each(["0", "-1", "x", "1.5"])("a --limit of %s is rejected", async (limit) => {
  expect(await runCommand(["deliveries", `--limit=${limit}`])).toMatchObject({ code: 2 });
});
