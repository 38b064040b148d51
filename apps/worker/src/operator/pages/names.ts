import type { Document } from "../document.ts";
import { type Content, html } from "../html.ts";
import { linkName, operatorUrl } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showTable } from "../table.ts";

const PAGE_SIZE = 50;

/** The names that the ledger knows, in alphabetical order, and their secrets. */
export async function showNames({ ledger, url }: OperatorCall): Promise<Document> {
  const prefix = url.searchParams.get("prefix") ?? "";
  const after = url.searchParams.get("after") || undefined;
  const { names, next } = await ledger.names(prefix, after, PAGE_SIZE);
  const table = showTable({
    label: "Names",
    columns: ["Name", "secret_id", "Further secrets of this name"],
    rows: names.map(({ name, secretId, otherSecretIds }): Content[] => [
      linkName(name),
      secretId === null ? "–" : html`<code>${secretId}</code>`,
      otherSecretIds.length === 0 ? "–" : html`<code>${otherSecretIds.join(" ")}</code>`,
    ]),
  });
  return {
    title: "Names",
    body: html`<h1>Names</h1>
<p class="soft">Agents refer to a secret by its <code>secret_id</code>. It stays the same when the value is rotated.</p>
<form class="row" action="${operatorUrl("/names")}" role="search">
<label>Starts with <input name="prefix" value="${prefix}" autocomplete="off" spellcheck="false"></label>
<button class="button">Filter</button>
</form>
${names.length === 0 ? html`<p class="soft">No name on this page.</p>` : table}
<p class="row">${
      next !== null &&
      html`<a class="button" href="${operatorUrl("/names", { prefix, after: next })}">Next page</a>`
    }</p>`,
  };
}
