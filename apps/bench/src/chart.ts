import * as echarts from "echarts";
import { priceOfMillion } from "./cost.ts";
import type { AddedLatency } from "./latency.ts";
import { UPSTREAM_DELAY_MS } from "./section.ts";

/** Rows written in the life of one delivery: apps/worker has a test that counts them. */
const ROWS_WRITTEN = 5;

const COLORS = ["#2f6fdb", "#c9803a"];
const INK = "#59636e";

/**
 * Draws what each Worker adds to a call at 16 connections and what one million deliveries cost.
 *
 * @returns an SVG document
 */
export function drawChart(latencies: readonly AddedLatency[]): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 860, height: 420 });
  const bars = latencies.toReversed();
  const at16 = (percentile: "p50Ms" | "p99Ms") =>
    bars.map(({ added }) => Math.max(0, Number((added[1]?.[percentile] ?? 0).toFixed(1))));
  chart.setOption({
    animation: false,
    color: COLORS,
    textStyle: { color: INK, fontFamily: "system-ui, sans-serif" },
    title: {
      text: "What the Worker adds to a call",
      subtext: `Milliseconds on top of an upstream that takes ${UPSTREAM_DELAY_MS} ms, at 16 connections. ${describeCost()}`,
      left: 8,
      textStyle: { color: INK, fontSize: 16 },
      subtextStyle: { color: INK },
    },
    legend: { bottom: 4, textStyle: { color: INK } },
    // Without a browser, the library estimates the width of labels too small.
    grid: { left: 236, right: 56, top: 76, bottom: 60 },
    xAxis: {
      type: "value",
      axisLabel: { color: INK },
      splitLine: { lineStyle: { opacity: 0.35 } },
    },
    yAxis: {
      type: "category",
      data: bars.map(({ name }) => name.replaceAll("`", "")),
      axisLabel: { color: INK },
      axisTick: { show: false },
    },
    series: [
      {
        name: "median",
        type: "bar",
        data: at16("p50Ms"),
        label: { show: true, position: "right", color: INK },
      },
      {
        name: "99th percentile",
        type: "bar",
        data: at16("p99Ms"),
        label: { show: true, position: "right", color: INK },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

function describeCost(): string {
  const parts = priceOfMillion({ rowsWritten: ROWS_WRITTEN, cpuMs: 1, objectSeconds: 0.15 });
  const total = Object.values(parts).reduce((sum, dollars) => sum + dollars, 0);
  return `One million deliveries cost about $${total.toFixed(2)} at Cloudflare.`;
}
