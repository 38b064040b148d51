import { STATE_MEANINGS, showState } from "../delivery-state.ts";
import type { Document } from "../document.ts";
import { html } from "../html.ts";
import { linkName, operatorUrl } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showDay, showTime } from "../time.ts";
import { showDecisionCard } from "./decision-card.ts";
import { showMessage } from "./message.ts";

/** One delivery, with its decision if it needs one. */
export async function showDelivery(call: OperatorCall): Promise<Document> {
  const { searchParams } = call.url;
  const senderId = searchParams.get("senderId") ?? "";
  const delivery = await call.ledger.delivery(senderId, searchParams.get("deliveryId") ?? "");
  if (delivery === undefined) {
    return showMessage(
      404,
      "No such delivery",
      "The ledger has no delivery with this id. It keeps a delivery for LEDGER_RETENTION_DAYS after it was last seen.",
    );
  }
  const { id, name, operation, state, secretId, createdAt, lastSeenAt, attempts } = delivery;
  const decision = delivery.needsDecision
    ? await showDecisionCard(
        { kind: "outcome_unknown", senderId, deliveryId: id, name, since: createdAt },
        call,
      )
    : undefined;
  return {
    title: `Delivery ${id}`,
    body: html`<h1>Delivery <code>${id}</code></h1>
<p class="soft">${STATE_MEANINGS[state]}</p>
${decision}
<dl class="panel">
<dt>State</dt><dd>${showState(delivery)}</dd>
<dt>Sender</dt><dd><a href="${operatorUrl("/deliveries", { senderId })}"><code>${senderId}</code></a></dd>
<dt>Name</dt><dd>${linkName(name)}</dd>
<dt>Operation</dt><dd>${operation}</dd>
<dt>secret_id</dt><dd>${secretId === null ? "–" : html`<code>${secretId}</code>`}</dd>
<dt>Received</dt><dd>${showTime(createdAt)}</dd>
<dt>Last seen</dt><dd>${showDay(lastSeenAt)}</dd>
<dt>Calls that could write</dt><dd>${attempts}</dd>
</dl>`,
  };
}
