import { expect, test } from "vitest";
import { countFittingColumns, formatTable } from "./format-table.ts";

const MANY = Array.from({ length: 200_000 }, (_, index) => [`name-${index}`, "stored"]);

test("a table of 200,000 rows has a line for each", () => {
  const lines = formatTable(["NAME", "STATE"], MANY).split("\n");
  expect(lines).toHaveLength(1 + MANY.length);
  expect([lines[0], lines[1], lines.at(-1)]).toEqual([
    "NAME         STATE",
    "name-0       stored",
    "name-199999  stored",
  ]);
});

test("the columns of 200,000 rows that fit a width are counted", () => {
  const head = ["NAME", "STATE"];
  expect(countFittingColumns(head, MANY, 19)).toBe(2);
  expect(countFittingColumns(head, MANY, 18)).toBe(1);
  expect(countFittingColumns(head, MANY, Number.POSITIVE_INFINITY)).toBe(2);
});

test("a table aligns its columns by the width of characters on a terminal", () => {
  const rows = [
    ["日本", "a"],
    ["\u001b[32mx\u001b[39m", "b"],
    ["", "c"],
  ];
  expect(formatTable(["N", "STATE"], rows)).toBe(
    "N     STATE\n日本  a\n\u001b[32mx\u001b[39m     b\n      c",
  );
});
