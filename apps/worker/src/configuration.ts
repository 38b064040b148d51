import { waitUntil } from "cloudflare:workers";
import type { Issue } from "@convai-secrets/core/internal";
import { type AccessVerifier, createAccessVerifier } from "./auth/access-assertion.ts";
import type { OidcDependencies } from "./auth/oidc-verifier.ts";
import type { Bindings } from "./configuration/bindings.ts";
import { type LoadedSenders, SendersLoader } from "./configuration/senders.ts";
import { checkBindings, type Settings } from "./configuration/settings.ts";
import { logKeyLoad } from "./log.ts";

/** The configuration, valid: what the rest of the Worker relies on. */
export interface Configuration extends Settings, LoadedSenders {
  /** Verifies the operator's Access assertions; `undefined` if there is no operator page. */
  readonly access: AccessVerifier | undefined;
}

/** A configuration, or what is wrong with it: paths and rules, never a value. */
export type LoadedConfiguration =
  | { readonly configuration: Configuration; readonly issues?: never }
  | { readonly configuration?: never; readonly issues: readonly Issue[] };

/** What verifies callers by a set of bindings. */
interface Callers {
  readonly checked: ReturnType<typeof checkBindings>;
  readonly senders: SendersLoader | undefined;
  readonly access: AccessVerifier | undefined;
}

let last: Callers | undefined;

/**
 * Loads the configuration: once per isolate, except for senders in a Secrets Store.
 *
 * @param now the time in milliseconds since the epoch
 */
export async function loadConfiguration(
  bindings: Bindings,
  now = Date.now(),
): Promise<LoadedConfiguration> {
  const checked = checkBindings(bindings);
  if (last?.checked !== checked) last = createCallers(checked);
  const { access } = last;
  const [settings, senders] = await Promise.all([checked.settings, last.senders?.load(now)]);
  if (settings === undefined || senders?.loaded === undefined) {
    return { issues: [...checked.issues, ...(senders?.issues ?? [])] };
  }
  return { configuration: { ...settings, ...senders.loaded, access } };
}

function createCallers(checked: Callers["checked"]): Callers {
  // The senders are checked even if another binding is invalid, so that all issues show at once.
  const { SENDERS, OPERATOR_ACCESS: access } = checked.valid;
  return {
    checked,
    senders: SENDERS?.read && new SendersLoader(SENDERS, DEPENDENCIES),
    access: checked.settings && access && createAccessVerifier({ ...access, ...DEPENDENCIES }),
  };
}

const DEPENDENCIES: OidcDependencies = {
  fetch: (url, init) => fetch(url, init),
  waitUntil,
  onLoad: logKeyLoad,
};
