import type { SenderActivity } from "../../ledger/operator-view.ts";
import { describeActivity, showActivityChart } from "../activity-chart.ts";
import { showDecisionButton } from "../decision-form.ts";
import { type Content, html, type Markup } from "../html.ts";
import { operatorUrl } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showTable } from "../table.ts";
import { showAgo, showTime } from "../time.ts";

/** The configured senders and those that the ledger remembers, in the order of their ids. */
export function showSenders(
  activities: readonly SenderActivity[],
  { configuration, now }: Pick<OperatorCall, "configuration" | "now">,
): Markup {
  const configured = new Set(configuration.senders.map(({ id }) => id));
  const known = new Map(activities.map((activity) => [activity.id, activity]));
  const ids = [...new Set([...configured, ...known.keys()])].sort();
  const rows = ids.map((id): Content[] => {
    const activity = known.get(id);
    return [
      html`<a href="${operatorUrl("/deliveries", { senderId: id })}"><code>${id}</code></a>`,
      showStatus(activity?.paused ?? null, configured.has(id)),
      activity?.lastSeenAt == null ? "never" : showAgo(activity.lastSeenAt, now),
      activity === undefined
        ? "none"
        : html`${showActivityChart(activity)}<small class="soft">${describeActivity(activity)}</small>`,
      showDecisionButton({ action: activity?.paused ? "resume" : "pause", senderId: id }, id),
    ];
  });
  return html`${showTable({
    label: "Senders",
    columns: ["Sender", "Status", "Last seen", "Last 24 hours", "Decision"],
    rows,
  })}<small class="soft"><span class="state stored">stored</span> <span class="state bad">failed: rejected, superseded or unknown</span></small>`;
}

function showStatus(paused: SenderActivity["paused"], isConfigured: boolean): Markup {
  if (paused !== null) {
    return html`<span class="state warn">paused</span><br><small class="soft">by ${paused.user}, ${showTime(
      paused.at,
    )}</small>`;
  }
  return isConfigured
    ? html`<span class="state good">active</span>`
    : html`<span class="state">not configured</span>`;
}
