import { expect, test } from "vitest";
import { type Bar, drawChart } from "./chart.ts";

const bar = (label: string, median: number): Bar => ({
  label,
  value: { median, min: median - 0.1, max: median + 0.1 },
  kind: "ours",
});
const text = { title: "Throughput", subtitle: "16 connections" };
const widths = (svg: string) =>
  [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

test("a bar is as long as its value", () => {
  const [whole = 0, half = 0] = widths(drawChart([bar("whole", 1), bar("half", 0.5)], text));
  expect(half).toBeGreaterThan(0);
  expect(whole / half).toBeCloseTo(2, 2);
});

test("a value above the limit stays inside the picture", () => {
  const svg = drawChart([bar("fast", 3)], text);
  const [width = Number.POSITIVE_INFINITY] = widths(svg);
  const [, viewed] = /viewBox="0 0 (\d+) /.exec(svg) ?? [];
  expect(width).toBeLessThan(Number(viewed));
});

test("who cannot see it is told its title and every value", () => {
  const svg = drawChart([bar("ours", 0.62)], text);
  expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title description">/);
  expect(svg).toContain('<title id="title">Throughput</title>');
  expect(svg).toContain('<desc id="description">16 connections: ours 0.62.</desc>');
});

test("it can be read on a dark page", () => {
  expect(drawChart([], text)).toContain("@media (prefers-color-scheme: dark)");
});

test("a label is text, whatever it holds", () => {
  expect(drawChart([bar("<b> & co", 1)], text)).toContain("&#60;b&#62; &#38; co");
});
