import type { Document } from "../document.ts";
import { html } from "../html.ts";

/** A page that only says something. */
export function showMessage(status: number, title: string, text: string): Document {
  return { status, title, body: html`<h1>${title}</h1><p>${text}</p>` };
}
