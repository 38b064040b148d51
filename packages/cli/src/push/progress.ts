import { MultiBar, Presets } from "cli-progress";
import type { Pushed } from "./push-secrets.ts";

/** The progress of a push on standard error. */
export interface Progress {
  advance(pushed: Pushed): void;
  /** Shows one line for a failed attempt that another attempt follows. */
  retry(line: string): void;
  stop(): void;
}

/** Starts a bar on a terminal; elsewhere, only lines for retries are written. */
export function startProgress(total: number): Progress {
  return process.stderr.isTTY ? startBar(total) : WITHOUT_BAR;
}

const WITHOUT_BAR: Progress = {
  advance() {},
  retry(line) {
    process.stderr.write(`${line}\n`);
  },
  stop() {},
};

function startBar(total: number): Progress {
  const bars = new MultiBar(
    {
      stream: process.stderr,
      format: "Storing {bar} {value}/{total} | {failed} failed | {retries} retries",
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let failed = 0;
  let retries = 0;
  const bar = bars.create(total, 0, { failed, retries });
  return {
    advance(pushed) {
      if ("error" in pushed) failed += 1;
      bar.increment({ failed });
    },
    retry(line) {
      retries += 1;
      bar.update({ retries });
      bars.log(`${line}\n`);
    },
    stop() {
      bars.stop();
    },
  };
}
