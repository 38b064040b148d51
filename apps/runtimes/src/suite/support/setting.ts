import type { Setting } from "./report.ts";

let current: Setting | undefined;

/** Sets what the suite runs against, before it starts. */
export function provideSetting(setting: Setting): void {
  current = setting;
}

/** What the suite runs against. */
export function getSetting(): Setting {
  if (current === undefined) throw new Error("The suite has no setting");
  return current;
}
