import * as v from "valibot";
import { MillisecondsSchema } from "./fault-schema.ts";

/**
 * What the local upstream does where the API's behaviour is undocumented or differs from what callers
 * expect.
 */
export interface Settings {
  /** Whether a second secret with the same name is accepted (the default) or gets a 409. */
  readonly duplicateNames: "accept" | "conflict";
  /** What happens to a name before it is stored. Default `none`. */
  readonly nameNormalization: "none" | "trim" | "nfc" | "lowercase";
  /** How long a new secret is missing from listings, in milliseconds. Default 0. */
  readonly listLagMs: number;
  /**
   * Items that listings contain besides the secrets, exactly as given. An item whose `name` is a
   * string is listed only if the name starts with `search`. Default: no items.
   */
  readonly extraItems: readonly unknown[];
}

export const DEFAULT_SETTINGS: Settings = {
  duplicateNames: "accept",
  nameNormalization: "none",
  listLagMs: 0,
  extraItems: [],
};

export const SettingsSchema: v.GenericSchema<unknown, Partial<Settings>> = v.strictObject({
  duplicateNames: v.exactOptional(v.picklist(["accept", "conflict"])),
  nameNormalization: v.exactOptional(v.picklist(["none", "trim", "nfc", "lowercase"])),
  listLagMs: v.exactOptional(MillisecondsSchema),
  extraItems: v.exactOptional(v.array(v.unknown())),
});

/** A name as it is stored. */
export function normalizeName(name: string, mode: Settings["nameNormalization"]): string {
  switch (mode) {
    case "none":
      return name;
    case "trim":
      return name.trim();
    case "nfc":
      return name.normalize("NFC");
    case "lowercase":
      return name.toLowerCase();
  }
}
