/** A tool or agent that uses a secret; `unknown` when the key may not see it. */
export type Dependent =
  | {
      readonly type: "available";
      readonly id: string;
      readonly name: string;
      readonly created_at_unix_secs: number;
      readonly access_level: "admin" | "editor" | "commenter" | "viewer";
    }
  | { readonly type: "unknown"; readonly id: string };

/** What uses a secret, as `used_by` shows it. A secret in use cannot be deleted. */
export interface UsedBy {
  readonly tools: readonly Dependent[];
  readonly agents: readonly Dependent[];
  readonly others: readonly "conversation_initiation_webhook"[];
}

export const NOT_USED: UsedBy = { tools: [], agents: [], others: [] };

export function isUsed(usedBy: UsedBy): boolean {
  return usedBy.tools.length + usedBy.agents.length + usedBy.others.length > 0;
}

/**
 * `used_by` as listed: at most `limit` dependents of each kind, with `…_has_more` telling of the
 * rest.
 */
export function previewUsedBy(usedBy: UsedBy, limit: number) {
  return {
    tools: usedBy.tools.slice(0, limit),
    tools_has_more: usedBy.tools.length > limit,
    agents: usedBy.agents.slice(0, limit),
    agents_has_more: usedBy.agents.length > limit,
    phone_numbers: [],
    phone_numbers_has_more: false,
    mcp_servers: [],
    others: usedBy.others,
  };
}
