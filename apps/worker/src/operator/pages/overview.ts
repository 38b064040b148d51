import type { RecordedAction } from "../../ledger/operator-view.ts";
import { DECISION_TEXTS } from "../decision-texts.ts";
import type { Document } from "../document.ts";
import { type Content, html, type Markup } from "../html.ts";
import { CHECK_MARK } from "../icons.ts";
import { linkDelivery, linkName } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showTable } from "../table.ts";
import { showTime } from "../time.ts";
import { showDecision, showDecisionCard } from "./decision-card.ts";
import { showSenders } from "./senders.ts";

/** How many decisions the overview shows with a fresh listing: each one is a call upstream. */
const MAX_LISTINGS = 5;

/** The first page: what needs a decision, the senders, and what was decided. */
export async function showOverview(call: OperatorCall): Promise<Document> {
  const { ledger, url } = call;
  const [{ decisions, actions }, activities] = await Promise.all([
    ledger.overview(),
    ledger.senders(),
  ]);
  const cards = await Promise.all(
    decisions.map((decision, index) =>
      index < MAX_LISTINGS ? showDecisionCard(decision, call) : showDecision(decision),
    ),
  );
  const recorded = Object.entries(DECISION_TEXTS).find(
    ([action]) => action === url.searchParams.get("recorded"),
  )?.[1].recorded;
  return {
    title: "Overview",
    body: html`${recorded && html`<p class="panel" role="status">Recorded: ${recorded}.</p>`}
<h1>Needs a decision</h1>
${decisions.length === 0 ? NOTHING_TO_DECIDE : cards}
<h2>Senders</h2>
${showSenders(activities, call)}
<h2>Recorded decisions</h2>
${showActions(actions)}`,
  };
}

const NOTHING_TO_DECIDE = html`<p class="panel calm">${CHECK_MARK} Nothing needs a decision.</p>`;

function showActions(actions: readonly RecordedAction[]): Markup {
  if (actions.length === 0) {
    return html`<p class="soft">No decision has been recorded yet.</p>`;
  }
  return showTable({
    label: "Recorded decisions, newest first",
    columns: ["Time", "User", "Decision", "About"],
    rows: actions.map((action) => [
      showTime(action.at),
      action.user,
      DECISION_TEXTS[action.action].recorded,
      showSubject(action),
    ]),
  });
}

function showSubject({ senderId, deliveryId, name, secretId }: RecordedAction): Content {
  return [
    name === null ? html`<code>${senderId}</code>` : linkName(name),
    senderId !== null && deliveryId !== null && html`, ${linkDelivery(senderId, deliveryId)}`,
    secretId !== null && html`, <code>${secretId}</code>`,
  ];
}
