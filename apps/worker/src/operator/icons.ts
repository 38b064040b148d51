import { html } from "./html.ts";

/** A key in a circle, beside the name of the project. */
export const ICON = html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="12" fill="#1f5fd0"/><g fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round"><circle cx="8.6" cy="12" r="3"/><path d="M11.6 12h7.2M15.6 12v2.6M18.4 12v1.8"/></g></svg>`;

/** {@link ICON} as the tab's icon. */
export const ICON_URL = `data:image/svg+xml,${encodeURIComponent(
  String(ICON).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'),
)}`;

/** A check mark for "nothing to do". */
export const CHECK_MARK = html`<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/></svg>`;
