import { MultiBar, Presets } from "cli-progress";
import type { Pushed } from "./push-secrets.ts";

/** The progress of a push on standard error. */
export interface Progress {
  advance(pushed: Pushed): void;
  /** Shows one line for a failed attempt that another attempt follows. */
  retry(line: string): void;
  stop(): void;
}

/** Starts a bar, which only a terminal shows. Lines for retries are shown everywhere. */
export function startProgress(total: number): Progress {
  const { stderr } = process;
  const bars = new MultiBar(
    {
      stream: stderr,
      format: "Storing {bar} {value}/{total} | {failed} failed | {retries} retries",
      hideCursor: true,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  let failed = 0;
  let retries = 0;
  const bar = bars.create(total, 0, { failed, retries });
  return {
    advance(pushed) {
      if ("error" in pushed) failed += 1;
      bar?.increment({ failed });
    },
    retry(line) {
      retries += 1;
      bar?.update({ retries });
      if (stderr.isTTY) bars.log(`${line}\n`);
      else stderr.write(`${line}\n`);
    },
    stop() {
      bars.stop();
    },
  };
}
