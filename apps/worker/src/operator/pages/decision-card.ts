import type {
  Candidate,
  CandidateList,
  DeliveryEntry,
  PendingDecision,
} from "../../ledger/operator-view.ts";
import type { DecisionFields } from "../decision.ts";
import { showDecisionButton } from "../decision-form.ts";
import { html, type Markup } from "../html.ts";
import { linkDelivery, linkName, operatorUrl } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showTable } from "../table.ts";
import { showTime } from "../time.ts";

/** A decision with a fresh listing of the secrets that it can be about. */
export async function showDecisionCard(
  decision: PendingDecision,
  { ledger }: Pick<OperatorCall, "ledger">,
): Promise<Markup> {
  const [list, delivery] = await Promise.all([
    ledger.candidates(decision.name),
    decision.kind === "outcome_unknown"
      ? ledger.delivery(decision.senderId, decision.deliveryId)
      : undefined,
  ]);
  return showDecision(
    decision,
    html`${showCandidates(list, (candidate) => chooseCandidate(decision, delivery, candidate))}
${
  decision.kind === "outcome_unknown" &&
  showDecisionButton(
    {
      action: "it_was_not_stored",
      senderId: decision.senderId,
      deliveryId: decision.deliveryId,
    },
    `delivery ${decision.deliveryId} of ${decision.name}`,
  )
}`,
  );
}

/** A decision. Its listing, if it is not shown here, is on the pages of the delivery and the name. */
export function showDecision(decision: PendingDecision, content?: Markup): Markup {
  return html`<section class="panel decision">
<h2>${linkName(decision.name)}</h2>
${describeDecision(decision)}
${content}
</section>`;
}

function describeDecision(decision: PendingDecision): Markup {
  const since = showTime(decision.since);
  switch (decision.kind) {
    case "outcome_unknown":
      return html`<p>Unknown outcome since ${since}: ElevenLabs did not confirm delivery ${linkDelivery(
        decision.senderId,
        decision.deliveryId,
      )} of <code>${decision.senderId}</code>, and the listing does not settle it. Is it one of the secrets with this name?</p>`;
    case "name_ambiguous":
      return html`<p>Ambiguous name since ${since}: several secrets have it. Which one should <code>${decision.senderId}</code> update?</p>`;
    case "name_not_managed":
      return html`<p>Unmanaged name since ${since}: <code>${decision.senderId}</code> updates it, but this Worker did not create its secret. May it replace the value?</p>`;
  }
}

const NO_LISTING: Readonly<Record<Exclude<CandidateList["kind"], "listed">, Markup>> = {
  failed: html`<p class="soft">The listing failed. Reload the page, or run the <a href="${operatorUrl("/check")}">check</a>.</p>`,
  impossible: html`<p class="soft">The API key may not list secrets. Give it the permission <code>convai_read</code>, then reload the page.</p>`,
};

/** The secrets of a listing, each with the decision that it can be chosen for. */
export function showCandidates(
  list: CandidateList,
  choose: (candidate: Candidate) => DecisionFields | undefined,
): Markup {
  if (list.kind !== "listed") return NO_LISTING[list.kind];
  if (list.candidates.length === 0) {
    return html`<p class="soft">A fresh listing shows no secret with this name.</p>`;
  }
  const rows = list.candidates.map((candidate) => {
    const fields = choose(candidate);
    return [
      html`<code>${candidate.secretId}</code>`,
      html`<code>${candidate.name}</code>`,
      candidate.managed ? "managed by this Worker" : "not managed by this Worker",
      fields
        ? showDecisionButton(fields, `${candidate.secretId}, ${candidate.name}`)
        : html`<span class="soft">–</span>`,
    ];
  });
  return showTable({
    label: "Secrets of a fresh listing",
    columns: ["secret_id", "Name", "Owner", "Decision"],
    rows,
  });
}

function chooseCandidate(
  decision: PendingDecision,
  delivery: DeliveryEntry | undefined,
  { secretId, name, managed }: Candidate,
): DecisionFields | undefined {
  if (decision.kind !== "outcome_unknown") {
    return name === decision.name ? { action: "adopt", name, secretId } : undefined;
  }
  const { senderId, deliveryId } = decision;
  const isOwn = delivery?.operation === "update" ? delivery.secretId === secretId : !managed;
  return isOwn ? { action: "this_is_the_secret", senderId, deliveryId, secretId } : undefined;
}
