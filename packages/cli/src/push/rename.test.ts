import { expect, test } from "vitest";
import { parseRenaming, rename } from "./rename.ts";

const apply = (name: string, ...texts: string[]) =>
  rename(
    name,
    texts.map((text) => parseRenaming(text) ?? { from: "broken", to: text }),
  );

test.each([
  ["DB_URL", "DB_*=CRM_*", "CRM_URL"],
  ["DB_URL", "CRM_*", "CRM_DB_URL"],
  ["DB_URL", "*_X", "DB_URL_X"],
  ["DB_URL", "DB_URL=URL", "URL"],
  ["DB_URL_V2", "DB_*_V2=*", "URL"],
  ["DB_", "DB_*=CRM_*", "CRM_"],
  ["DB_URL", "ERP_*=CRM_*", "DB_URL"],
  ["DB_$&", "DB_*=CRM_*", "CRM_$&"],
  ["DB_URL", "DB_*=URL", "URL"],
])("%s by %s is %s", (name, renaming, renamed) => {
  expect(apply(name, renaming)).toBe(renamed);
});

test("the first renaming that fits counts", () => {
  expect(apply("A_B", "X_*=Y_*", "A_*=1_*", "*_B=2_*")).toBe("1_B");
});

test.each(["", "=", "A=", "=B", "A=B=C", "A_**=B", "A=B_*", "A_*=*_*", "FIXED"])(
  "%j is no renaming",
  (text) => {
    expect(parseRenaming(text)).toBeUndefined();
  },
);
