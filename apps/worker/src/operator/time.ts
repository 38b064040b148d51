import { html, type Markup } from "./html.ts";

const UNITS = [
  ["minute", 60_000],
  ["hour", 3_600_000],
  ["day", 86_400_000],
] as const;

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A time in milliseconds since the epoch: the day and the minute, in UTC. */
export function showTime(at: number): Markup {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;
}

/** A day in UTC. */
export function showDay(at: number): Markup {
  return html`<time>${new Date(at).toISOString().slice(0, 10)}</time>`;
}

/** How long ago a time was, as "5 minutes ago". */
export function showAgo(at: number, now: number): Markup {
  const age = Math.max(0, now - at);
  const [unit, size] = UNITS.findLast(([, size]) => age >= size) ?? UNITS[0];
  const text = RELATIVE.format(-Math.floor(age / size), unit);
  return html`<time datetime="${new Date(at).toISOString()}">${text}</time>`;
}
