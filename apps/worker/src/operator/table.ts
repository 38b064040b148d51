import { type Content, html, type Markup } from "./html.ts";

/** A table: its accessible name, the heads of its columns, and the cells of its rows. */
export interface Table {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Content[])[];
}

/**
 * Writes a table. On a narrow screen, its style shows each row as a list of labelled cells. That
 * takes the elements their table roles in some browsers, so the roles are written out.
 */
export function showTable({ label, columns, rows }: Table): Markup {
  const head = columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`);
  const body = rows.map(
    (cells) =>
      html`<tr role="row">${cells.map(
        (cell, index) =>
          html`<td role="cell" data-label="${columns[index]}"><div>${cell}</div></td>`,
      )}</tr>`,
  );
  return html`<table role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">${body}</tbody>
</table>`;
}
