import type { DecisionFields } from "../decision.ts";
import { parseDecision } from "../decision.ts";
import { showConfirmationForm } from "../decision-form.ts";
import { DECISION_TEXTS } from "../decision-texts.ts";
import type { Document } from "../document.ts";
import { type Content, html } from "../html.ts";
import { linkDelivery, linkName } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showMessage } from "./message.ts";

/** Asks for the confirmation of a decision. It changes nothing. */
export async function showConfirmation({ ledger, url, user }: OperatorCall): Promise<Document> {
  const fields = parseDecision(url.searchParams);
  if (fields === undefined) {
    return showMessage(400, "No such decision", "The address does not contain a valid decision.");
  }
  const delivery =
    "deliveryId" in fields ? await ledger.delivery(fields.senderId, fields.deliveryId) : undefined;
  const { button, effect } = DECISION_TEXTS[fields.action];
  return {
    title: `Confirm: ${button.toLowerCase()}`,
    body: html`<h1>${button}?</h1>
<p>${effect}</p>
<div class="panel">
<dl>${describeSubject(fields, delivery?.name)}<dt>Recorded user</dt><dd>${user}</dd></dl>
${showConfirmationForm(fields)}
</div>`,
  };
}

function describeSubject(fields: DecisionFields, deliveredName: string | undefined): Content {
  const name = "name" in fields ? fields.name : deliveredName;
  return [
    "senderId" in fields && html`<dt>Sender</dt><dd><code>${fields.senderId}</code></dd>`,
    "deliveryId" in fields &&
      html`<dt>Delivery</dt><dd>${linkDelivery(fields.senderId, fields.deliveryId)}</dd>`,
    name !== undefined && html`<dt>Name</dt><dd>${linkName(name)}</dd>`,
    "secretId" in fields && html`<dt>secret_id</dt><dd><code>${fields.secretId}</code></dd>`,
  ];
}
