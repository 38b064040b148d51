import { DELIVERY_STATES, type DeliveryState } from "@convai-secrets/protocol";
import type { DeliveryEntry } from "../../ledger/operator-view.ts";
import { showState } from "../delivery-state.ts";
import type { Document } from "../document.ts";
import { type Content, html, type Markup } from "../html.ts";
import { linkDelivery, linkName, operatorUrl } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showTable } from "../table.ts";
import { showTime } from "../time.ts";

const PAGE_SIZE = 50;

/** The deliveries, newest first, filtered by sender, state and exact name. */
export async function showDeliveries({
  ledger,
  url,
  configuration,
}: OperatorCall): Promise<Document> {
  const read = (name: string) => url.searchParams.get(name) || undefined;
  const filter = {
    senderId: read("senderId"),
    state: DELIVERY_STATES.find((state) => state === read("state")),
    name: read("name"),
  };
  const before = readCursor(read("before"));
  const { deliveries, next } = await ledger.deliveries({ ...filter, before, limit: PAGE_SIZE });
  return {
    title: "Deliveries",
    body: html`<h1>Deliveries</h1>
${showFilters(
  filter,
  configuration.senders.map(({ id }) => id),
)}
${deliveries.length === 0 ? html`<p class="soft">No delivery on this page.</p>` : showList(deliveries)}
<p class="row">${
      next !== null &&
      html`<a class="button" href="${operatorUrl("/deliveries", { ...filter, before: next })}">Older</a>`
    }</p>`,
  };
}

function readCursor(text: string | undefined): number | undefined {
  const cursor = Number(text);
  return Number.isSafeInteger(cursor) && cursor > 0 ? cursor : undefined;
}

function showFilters(
  filter: {
    senderId: string | undefined;
    state: DeliveryState | undefined;
    name?: string | undefined;
  },
  senderIds: readonly string[],
): Markup {
  const { senderId, state, name } = filter;
  const senders = new Set([...senderIds, ...(senderId === undefined ? [] : [senderId])]);
  return html`<form class="row" action="${operatorUrl("/deliveries")}" role="search">
<label>Sender ${showSelect("senderId", [...senders].sort(), senderId)}</label>
<label>State ${showSelect("state", DELIVERY_STATES, state)}</label>
<label>Exact name <input name="name" value="${name}" autocomplete="off" spellcheck="false"></label>
<button class="button">Filter</button>
</form>`;
}

function showSelect(name: string, values: readonly string[], selected: string | undefined): Markup {
  const options = values.map((value) =>
    value === selected ? html`<option selected>${value}</option>` : html`<option>${value}</option>`,
  );
  return html`<select name="${name}"><option value="">All</option>${options}</select>`;
}

function showList(deliveries: readonly DeliveryEntry[]): Markup {
  return showTable({
    label: "Deliveries, newest first",
    columns: ["Received", "Sender", "Name", "Delivery", "State", "secret_id"],
    rows: deliveries.map((delivery): Content[] => [
      showTime(delivery.createdAt),
      html`<code>${delivery.senderId}</code>`,
      linkName(delivery.name),
      linkDelivery(delivery.senderId, delivery.id),
      showState(delivery),
      delivery.secretId === null ? "–" : html`<code>${delivery.secretId}</code>`,
    ]),
  });
}
