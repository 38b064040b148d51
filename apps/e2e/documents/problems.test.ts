import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from "@convai-secrets/protocol";
import { expect, test } from "vitest";
import { readDocuments } from "./documents.ts";

const readme = readDocuments().find(({ path }) => path === "README.md");

/** The rows of the table of errors: their statuses and codes. */
const rows = [
  ...(readme?.text.matchAll(/^\| (\d{3}(?:, \d{3})*) +\| ((?:`\w+`(?:, )?)+) +\|/gm) ?? []),
].map(([, statuses = "", codes = ""]) => ({
  statuses: statuses.split(", ").map(Number),
  codes: codes.replaceAll("`", "").split(", "),
}));

test("the README's table of errors has every code once", () => {
  const codes = rows.flatMap((row) => row.codes);
  expect(codes.toSorted()).toEqual(PROBLEM_CODES.toSorted());
});

test.each(rows)(
  "the README's table of errors gives the statuses of $codes",
  ({ statuses, codes }) => {
    const expected = codes.map((code) => PROBLEMS[code as ProblemCode].status);
    expect(statuses).toEqual([...new Set(expected)]);
  },
);
