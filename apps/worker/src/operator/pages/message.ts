import type { Document } from "../document.ts";
import { type Content, html } from "../html.ts";

/** A page that only says something. */
export function showMessage(status: number, title: string, text: Content): Document {
  return { status, title, body: html`<h1>${title}</h1><p>${text}</p>` };
}
