import { parse } from "dotenv";
import { expect, test } from "vitest";
import { parseEnvFile } from "./parse-env-file.ts";

const values = (text: string) =>
  Object.fromEntries(parseEnvFile(text).secrets.map(({ name, value }) => [name, value]));

test.each([
  "A=1\nB=2\n",
  "# comment\n\n  \nexport A=1 # one\nB = two words \n",
  "A='x # y'\nB=\"x # y\" # z\nC=`x'\"y`",
  'A="line 1\nline 2=x\n# line 3"\nB=1',
  "A='line 1\nline 2'\r\nB=1\r\n",
  "A=\"one\\ntwo\"\nB='one\\ntwo'",
  "A=\nB=''\nC: yaml\nD.e-f=x",
  'A="a\\"b"',
  "A=x # see #3",
  "A=it's\nB=5\"",
  "A=https://x.example/?a=b&c=d",
  "\uFEFFA=1",
])("what nobody can misread is read as dotenv reads it: %j", (text) => {
  expect(parseEnvFile(text).issues).toEqual([]);
  expect(values(text)).toEqual(parse(text.replace(/^\uFEFF/, "")));
});

const NO_ASSIGNMENT = "must be NAME=value, with quotes around a value of several lines";
const OPEN = "must close its quotes, with nothing but a comment after them";
const HASH = "must have its value in quotes, since it holds a #";

test.each([
  ["A=1\nonly words\nB=2", 2, NO_ASSIGNMENT],
  ["=x", 1, NO_ASSIGNMENT],
  ["A B=3", 1, NO_ASSIGNMENT],
  ['A="x\nB=1', 1, OPEN],
  ["A='x", 1, OPEN],
  ["A=`x", 1, OPEN],
  ['A="x"y', 1, OPEN],
  ['\n\nA="x" "y"', 3, OPEN],
  ["A=pass#word", 1, HASH],
  ["A=#word", 1, HASH],
  ['A="line 1\nline 2"\nB=x#y', 3, HASH],
])("of %j line %i is an issue, though dotenv takes it or passes over it", (text, line, rule) => {
  expect(parseEnvFile(text).issues).toEqual([{ path: `line ${line}`, rule }]);
});

test("every assignment is kept, also a second one of the same name", () => {
  expect(parseEnvFile("A=1\nA=2").secrets).toEqual([
    { name: "A", value: "1", origin: "line 1 (A)" },
    { name: "A", value: "2", origin: "line 2 (A)" },
  ]);
});

test("a name that could be a piece of a value is not called by it", () => {
  expect(parseEnvFile("k7Qx9aZ=").secrets).toMatchObject([{ origin: "line 1" }]);
});

test("a large file with an open quote is read in a moment", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `N${index}="value ${index}"`);
  expect(parseEnvFile(`A="open\n${lines.join("\n")}`).issues.length).toBeGreaterThan(0);
});
