import { expect, test } from "vitest";
import { formatResults, replaceResults } from "./results.ts";

const section = {
  title: "CPU",
  text: "How to read it.",
  table: { head: ["", "µs"], rows: [["this Worker", "100"]] },
};

test("a section becomes a heading, a text and an aligned table", () => {
  expect(formatResults("Measured here.", [section])).toContain(
    "### CPU\n\nHow to read it.\n\n|             |  µs |\n| :---------- | --: |\n| this Worker | 100 |",
  );
});

test("new results replace those between the markers and nothing else", () => {
  const begin = "<!-- results:begin, written by npm run bench -- --write -->";
  const document = `# Title\n\n${begin}\nold\n<!-- results:end -->\n\nrest`;
  expect(replaceResults(document, "new\n")).toBe(
    `# Title\n\n${begin}\n\nnew\n\n<!-- results:end -->\n\nrest`,
  );
});

test.each(["", "<!-- results:end -->"])(
  "a document without both markers is rejected: %j",
  (text) => {
    expect(() => replaceResults(text, "new")).toThrow("must have one");
  },
);
