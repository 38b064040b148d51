import { PROBLEM_CODES } from "@convai-secrets/protocol";
import { expect, test } from "vitest";
import { findCode, readDocuments } from "./documents.ts";

interface Alert {
  readonly alert: string;
  readonly minutes: number;
  readonly threshold: number;
  readonly filters: readonly {
    readonly key: string;
    readonly operation: string;
    readonly value: string | number;
  }[];
}

const operating = readDocuments().find(({ path }) => path === "docs/operating.md");
const block = operating && findCode(operating).find(({ text }) => text.includes('"alert"'));
const alerts: readonly Alert[] = JSON.parse(block?.text ?? "[]");

/** The first column of the table of log fields. */
const fields = new Set(
  [...(operating?.text.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) +\|/gm) ?? [])].flatMap(
    ([, names = ""]) => names.replaceAll("`", "").split(", "),
  ),
);

test("the operating guide has alerts", () => {
  expect(alerts.length).toBeGreaterThan(5);
});

test.each(alerts)("the alert “$alert” filters by documented log fields", ({ filters }) => {
  for (const { key } of filters) expect([...fields]).toContain(key);
});

test.each(alerts)("the alert “$alert” names outcomes that exist", ({ filters }) => {
  for (const { key, operation, value } of filters) {
    // The outcome of a key load is not the code of a problem.
    if (key !== "outcome" || operation === "neq") continue;
    const matches = (code: string) =>
      operation === "regex" ? new RegExp(String(value)).test(code) : code === value;
    expect(PROBLEM_CODES.filter(matches).length).toBeGreaterThan(0);
  }
});
