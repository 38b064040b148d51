import { html, type Markup } from "./html.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const MINUTE = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A time in milliseconds since the epoch, to the minute, in UTC. */
export function showTime(at: number): Markup {
  return html`<time datetime="${new Date(at).toISOString()}">${MINUTE.format(at)}</time>`;
}

/** As {@link showTime}, to the day. */
export function showDay(at: number): Markup {
  return html`<time datetime="${new Date(at).toISOString().slice(0, 10)}">${DAY.format(at)}</time>`;
}

/** How long ago a time was: "5 minutes ago". Over a week, the day. */
export function showAgo(at: number, now: number): Markup {
  const age = Math.max(0, now - at);
  if (age > 7 * DAY_MS) return showDay(at);
  return html`<time datetime="${new Date(at).toISOString()}">${formatAge(age)}</time>`;
}

function formatAge(age: number): string {
  if (age < MINUTE_MS) return "less than a minute ago";
  if (age < HOUR_MS) return RELATIVE.format(-Math.floor(age / MINUTE_MS), "minute");
  if (age < DAY_MS) return RELATIVE.format(-Math.floor(age / HOUR_MS), "hour");
  return RELATIVE.format(-Math.floor(age / DAY_MS), "day");
}
