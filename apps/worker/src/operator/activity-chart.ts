import type { HourlyCounts, SenderActivity } from "../ledger/operator-view.ts";
import { html, type Markup } from "./html.ts";

const HEIGHT = 28;
const STEP = 6;
const BAR = 4;

/** The sums of a sender's last 24 hours, for people and for screen readers. */
export function describeActivity({ hours, countsAreMinimum }: SenderActivity): string {
  const sum = (key: "stored" | "failed") => hours.reduce((total, hour) => total + hour[key], 0);
  const prefix = countsAreMinimum ? "at least " : "";
  return `${prefix}${sum("stored")} stored, ${sum("failed")} failed`;
}

/** A bar per hour: stored deliveries at the bottom, failed ones above. */
export function showActivityChart(activity: SenderActivity): Markup {
  const { hours } = activity;
  const most = Math.max(1, ...hours.map(({ stored, failed }) => stored + failed));
  const width = hours.length * STEP;
  return html`<svg class="chart" role="img" aria-label="Deliveries of the last 24 hours: ${describeActivity(
    activity,
  )}" width="${width}" height="${HEIGHT + 1}" viewBox="0 0 ${width} ${HEIGHT + 1}">
<path class="axis" d="M0 ${HEIGHT + 0.5}h${width}"/>${hours.map((hour, index) =>
    showBar(hour, index * STEP + 1, most),
  )}</svg>`;
}

/** An hour with a delivery has a visible bar, however small its share is. */
function showBar({ stored, failed }: HourlyCounts, x: number, most: number): Markup {
  const scale = (count: number) =>
    count === 0 ? 0 : Math.max(2, Math.round((count / most) * (HEIGHT - 2)));
  const top = HEIGHT - scale(stored);
  const failedHeight = scale(failed);
  return html`<rect x="${x}" y="${top}" width="${BAR}" height="${HEIGHT - top}"/><rect class="bad" x="${x}" y="${
    top - failedHeight
  }" width="${BAR}" height="${failedHeight}"/>`;
}
