import { PATHS } from "@convai-secrets/protocol";
import { html, type Markup } from "./html.ts";

/** An address under the operator's path. Parameters without a value are left out. */
export function operatorUrl(
  path: string,
  parameters: Readonly<Record<string, string | number | null | undefined>> = {},
): string {
  const entries = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === null || value === "" ? [] : [[name, String(value)]],
  );
  const query = new URLSearchParams(entries).toString();
  return `${PATHS.operator}${path}${query === "" ? "" : `?${query}`}`;
}

/** A link to the page of one delivery. */
export function linkDelivery(senderId: string, id: string): Markup {
  const url = operatorUrl("/delivery", { senderId, deliveryId: id });
  return html`<a href="${url}"><code>${id}</code></a>`;
}

/** A link to the page of one name. */
export function linkName(name: string): Markup {
  return html`<a href="${operatorUrl("/name", { name })}"><code>${name}</code></a>`;
}
