import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVENT_FIELDS, LOG_FIELDS } from "../../src/log-fields.ts";

const guide = readFileSync(join(import.meta.dirname, "../../../../docs/operating.md"), "utf8");
const section = guide.slice(guide.indexOf("## Logs"), guide.indexOf("## Alerts"));

test("the operating guide documents exactly the fields that the Worker logs, so that its alert queries can rely on them", () => {
  const rows = section.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) +\|/gm);
  const documented = [...rows].flatMap(([, names = ""]) => names.replaceAll("`", "").split(", "));
  expect(documented.toSorted()).toEqual(Object.keys(LOG_FIELDS).toSorted());
});

test.each(Object.keys(EVENT_FIELDS))("the operating guide documents the event %s", (event) => {
  expect(section).toContain(`\`${event}\``);
});
