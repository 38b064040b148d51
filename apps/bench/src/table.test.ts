import { expect, test } from "vitest";
import { formatTable } from "./table.ts";
import { formatNumber, formatRatio } from "./tables.ts";

test("a table has even columns, figures to the right", () => {
  const table = {
    head: ["", "ms"],
    rows: [
      ["a", "1"],
      ["longer", "12345"],
    ],
  };
  expect(formatTable(table)).toBe(
    ["|        |    ms |", "| ------ | ----: |", "| a      |     1 |", "| longer | 12345 |"].join(
      "\n",
    ),
  );
});

test("a ratio is told with its least and greatest", () => {
  expect(formatRatio({ median: 0.514, min: 0.4, max: 1 })).toBe("0.51 (0.40–1.00)");
  expect(formatRatio(undefined)).toBe("");
});

test("a number is told to three digits, in its unit", () => {
  expect(formatNumber({ median: 12_345, min: 0, max: 0 })).toBe("12,300");
  expect(formatNumber({ median: 0.12345, min: 0, max: 0 })).toBe("0.123");
  expect(formatNumber({ median: 123_456_789, min: 0, max: 0 }, 1e6)).toBe("123");
});
