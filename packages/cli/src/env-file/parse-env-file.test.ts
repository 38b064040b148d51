import { execFileSync } from "node:child_process";
import { parse } from "dotenv";
import { describe, expect, test } from "vitest";
import { parseEnvFile } from "./parse-env-file.ts";

/** The value that a POSIX shell gives to `A`, or `undefined` if it reports an error. */
function readByShell(text: string): string | undefined {
  try {
    const script = `set -e; unset A; eval "$TEXT"; printf %s "$A"`;
    const env = { TEXT: text, HOME: "/home/someone", PATH: "" };
    return execFileSync("/bin/sh", ["-c", script], { env, encoding: "utf8", stdio: "pipe" });
  } catch {
    return undefined;
  }
}

/** The value of `A` for `docker run --env-file`: the rest of the line. */
const readByDocker = (text: string) => /^A=(.*)$/s.exec(text)?.[1];

const readByDotenv = (text: string) => parse(text)["A"];

/** The value of `A` if it breaks no rule. */
function read(text: string, dialect?: "dotenv" | "docker" | "shell"): unknown {
  const { secrets, issues } = parseEnvFile(text, dialect);
  const [secret] = secrets.filter(({ name }) => name === "A");
  return issues.length === 0 && secret?.rules.length === 0 ? secret.value : undefined;
}

const LINES = [
  "A=1",
  "A=",
  "A=a=b",
  "A=postgres://u:p@host:5432/db?x=1,2",
  "A=grün",
  'A="p"',
  "A='p'",
  "A=`p`",
  'A="p\\"q"',
  'A="C:\\\\new"',
  'A="cost\\$5"',
  "A='ab'#cd'",
  "A=it's",
  "A=C:\\new",
  "A=$HOME",
  "A=5$",
  "A=a#b",
  "A=a #b",
  "A=#b",
  "A= b",
  "A=b ",
  "A=a b",
  "A=a;b",
  "A=a&b",
  "A=a|b",
  "A=(b)",
  "A=~/x",
  "A=x:~/y",
  "A=x~",
  "A=*",
  "A={a,b}",
  "A=[x]",
  "A=!x",
  "A=a\tb",
  "A=1\r",
  "A=a\u00a0",
  'A="a b"c',
  "A=''",
];

describe("without a dialect", () => {
  test.each(LINES)("%j is read only if dotenv, Docker and a shell agree", (line) => {
    const values = [readByDotenv(line), readByDocker(line), readByShell(line)];
    const value = read(line);
    if (value === undefined) expect(new Set(values).size).toBeGreaterThan(1);
    else expect(values).toEqual([value, value, value]);
  });

  test("a rejected line is named by its number, its name and the rule, without its value", () => {
    const { secrets } = parseEnvFile('B=1\nA="canary"\n', undefined);
    expect(secrets[1]).toMatchObject({ origin: "line 2 (A)", rules: [/^must not have quotes/] });
    expect(JSON.stringify(secrets[1]?.rules)).not.toContain("canary");
  });

  test("names inside a value that spans lines for some readers are rejected", () => {
    const { secrets } = parseEnvFile('A="x\nB=2\n"\nC=3\n', undefined);
    const broken = Object.fromEntries(secrets.map(({ name, rules }) => [name, rules.length > 0]));
    expect(broken).toEqual({ A: true, B: true, C: false });
  });

  test("an unconventional name is not printed", () => {
    const { secrets } = parseEnvFile("canary.name=1\nlower=2\n", undefined);
    expect(secrets.map(({ origin }) => origin)).toEqual(["line 1", "line 2"]);
  });
});

describe("--dialect", () => {
  test.each(LINES)("dotenv reads %j as the npm package does", (line) => {
    const value = read(line, "dotenv");
    if (value !== undefined) expect(value).toBe(readByDotenv(line));
  });

  test.each(LINES)("docker reads %j as the rest of the line", (line) => {
    expect(read(line, "docker")).toBe(readByDocker(line)?.replace(/\r$/, ""));
  });

  test.each(LINES)("shell reads %j as /bin/sh does, or rejects it", (line) => {
    const value = read(line, "shell");
    if (value !== undefined) expect(value).toBe(readByShell(line));
  });

  test.each([
    ["dotenv", "A='one\ntwo' # comment\nB=2\n"],
    ["shell", "A='one\ntwo' # comment\nB=2\n"],
  ] as const)("%s reads a quoted value of several lines", (dialect, text) => {
    expect(read(text, dialect)).toBe("one\ntwo");
  });

  test.each([
    ['A="p\\"q"', 'p"q'],
    ['A="cost\\$5"', "cost$5"],
    ["A=a\\ b", "a b"],
    ["A='a'\"b\"c", "abc"],
    ['A="5$"', "5$"],
    ["export A=1", "1"],
  ])("shell reads %j as %j", (line, value) => {
    expect(read(line, "shell")).toBe(value);
    expect(readByShell(line)).toBe(value);
  });

  test.each(["A=$B", 'A="$B"', "A=`id`", "A=$(id)", "A=x y", "A=a;b", "A='open", 'A="open'])(
    "shell rejects %j",
    (line) => {
      expect(read(line, "shell")).toBeUndefined();
    },
  );

  test.each(["A='open", 'A="a" b', "A"])("dotenv rejects %j", (line) => {
    expect(read(line, "dotenv")).toBeUndefined();
  });
});

describe("base64 that is wrapped", () => {
  const base64 = Buffer.alloc(100, "secret").toString("base64");

  test.each([undefined, "dotenv", "docker", "shell"] as const)(
    "a value that continues on the next line is rejected (dialect %s)",
    (dialect) => {
      for (const width of [64, 76]) {
        const lines = base64.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
        const { secrets, issues } = parseEnvFile(`A=${lines.join("\n")}\nB=1\n`, dialect);
        expect(secrets.map(({ name, rules }) => [name, rules.length > 0])).toEqual([
          ["A", true],
          ["B", false],
        ]);
        expect(issues[0]?.path).toBe("line 2");
      }
    },
  );

  test("a long value before an empty assignment is not wrapped base64", () => {
    const { secrets, issues } = parseEnvFile(`A=${"a".repeat(50)}\nSENTRY_DSN=\n`, undefined);
    expect(issues).toEqual([]);
    expect(secrets.map(({ rules }) => rules)).toEqual([[], []]);
  });
});
