import type { Spread } from "./statistics.ts";

/** A bar: its label, its length, and how sure that is. */
export interface Bar {
  readonly label: string;
  readonly value: Spread;
  readonly kind: "ours" | "other" | "limit";
}

/** What the chart says besides its bars. */
export interface ChartText {
  readonly title: string;
  readonly subtitle: string;
}

const WIDTH = 760;
const LEFT = 250;
const RIGHT = 60;
const TOP = 74;
const ROW = 30;
const BAR = 16;

/** Readable on a light and on a dark page; colours that differ in lightness as well as in hue. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .quiet { fill: #59636e; }
  .figure { font-variant-numeric: tabular-nums; }
  .grid { stroke: #d1d9e0; }
  .spread { stroke: #1f2328; stroke-width: 1.5; fill: none; opacity: 0.75; }
  .ours { fill: #2f6fdb; } .other { fill: #9aa4af; } .limit { fill: #c9d1d9; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .quiet { fill: #9198a1; } .grid { stroke: #3d444d; }
    .spread { stroke: #f0f6fc; }
    .ours { fill: #5b9bff; } .other { fill: #6e7781; } .limit { fill: #444c56; }
  }`;

/** Draws ratios as bars, longest is best, each with a line from its least to its greatest. */
export function drawChart(bars: readonly Bar[], { title, subtitle }: ChartText): string {
  const height = TOP + bars.length * ROW + 30;
  const limit = Math.max(1, ...bars.map(({ value }) => value.max));
  const x = (ratio: number) => round(LEFT + (ratio / limit) * (WIDTH - LEFT - RIGHT));
  const said = bars.map(({ label, value }) => `${label} ${value.median.toFixed(2)}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeText(title)}</title>
<desc id="description">${escapeText(`${subtitle}: ${said}.`)}</desc>
<style>${STYLE}
</style>
<text x="16" y="28" class="title">${escapeText(title)}</text>
<text x="16" y="49" class="quiet">${escapeText(subtitle)}</text>
${[0, 0.25, 0.5, 0.75, 1].map((ratio) => drawGridLine(ratio, x(ratio), height)).join("\n")}
${bars.map((bar, row) => drawBar(bar, TOP + row * ROW, x)).join("\n")}
</svg>
`;
}

function drawGridLine(ratio: number, at: number, height: number): string {
  const bottom = height - 26;
  return `<line class="grid" x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${bottom}"/><text class="quiet figure" text-anchor="middle" x="${at}" y="${bottom + 17}">${ratio}</text>`;
}

function drawBar({ label, value, kind }: Bar, top: number, x: (ratio: number) => number): string {
  const middle = top + ROW / 2 - 4;
  const [min, max] = [x(value.min), x(value.max)];
  const cap = (at: number) => `M${at} ${middle - 4}v8`;
  return [
    `<text x="${LEFT - 12}" y="${middle + 5}" text-anchor="end">${escapeText(label)}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${middle - BAR / 2}" width="${round(x(value.median) - LEFT)}" height="${BAR}" rx="3"/>`,
    max > min ? `<path class="spread" d="M${min} ${middle}H${max}${cap(min)}${cap(max)}"/>` : "",
    `<text class="figure" x="${max + 8}" y="${middle + 5}">${value.median.toFixed(2)}</text>`,
  ].join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
