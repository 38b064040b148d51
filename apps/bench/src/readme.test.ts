import { expect, test } from "vitest";
import { replaceResults } from "./readme.ts";

const BEGIN = "<!-- bench:begin, written by npm run bench -->";
const END = "<!-- bench:end -->";

test("the last run's text takes the place of the one before, and of nothing else", () => {
  const document = `# Title\n\n${BEGIN}\n\nold\n\n${END}\n\nrest\n`;
  expect(replaceResults(document, "new\n")).toBe(`# Title\n\n${BEGIN}\n\nnew\n\n${END}\n\nrest\n`);
});

test.each([
  ["no place", "# Title\n"],
  ["a place without an end", `${BEGIN}\n`],
  ["two places", `${BEGIN}${END}${BEGIN}${END}`],
])("a document with %s is refused", (_, document) => {
  expect(() => replaceResults(document, "new")).toThrow("must have one");
});
