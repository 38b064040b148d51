/** A tool or agent that uses a secret; `unknown` if the API key may not see it. */
export type Dependent =
  | {
      readonly type: "available";
      readonly id: string;
      readonly name: string;
      readonly created_at_unix_secs: number;
      readonly access_level: "admin" | "editor" | "commenter" | "viewer";
    }
  | { readonly type: "unknown"; readonly id: string };

/** A phone number that uses a secret. */
export interface DependentPhoneNumber {
  readonly phone_number_id: string;
  readonly phone_number: string;
  readonly label: string;
  readonly provider: "twilio" | "sip_trunk";
}

/** What uses a secret. A secret in use cannot be deleted. */
export interface UsedBy {
  readonly tools: readonly Dependent[];
  readonly agents: readonly Dependent[];
  readonly phone_numbers: readonly DependentPhoneNumber[];
  readonly others: readonly "conversation_initiation_webhook"[];
}

export const NOT_USED: UsedBy = { tools: [], agents: [], phone_numbers: [], others: [] };

export function isUsed(usedBy: UsedBy): boolean {
  return Object.values(usedBy).some((dependents) => dependents.length > 0);
}

/**
 * `used_by` as listings show it: at most `limit` dependents of each kind, and whether there are
 * more.
 */
export function previewUsedBy(usedBy: UsedBy, limit: number) {
  return {
    tools: usedBy.tools.slice(0, limit),
    tools_has_more: usedBy.tools.length > limit,
    agents: usedBy.agents.slice(0, limit),
    agents_has_more: usedBy.agents.length > limit,
    phone_numbers: usedBy.phone_numbers.slice(0, limit),
    phone_numbers_has_more: usedBy.phone_numbers.length > limit,
    mcp_servers: [],
    others: usedBy.others,
  };
}
