import { Presets, SingleBar } from "cli-progress";
import type { Pushed } from "./push-secrets.ts";

/** Shows how far a push is, where there is somebody to see it. */
export interface Progress {
  advance(pushed: Pushed): void;
  /** Tells of a failed attempt that is followed by another. */
  retry(): void;
  stop(): void;
}

/** A bar on standard error, which shows itself on a terminal only. */
export function startProgress(total: number): Progress {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: "Storing {bar} {value}/{total} | {failed} failed | {retries} retries",
      hideCursor: true,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  let failed = 0;
  let retries = 0;
  bar.start(total, 0, { failed, retries });
  return {
    advance(pushed) {
      if ("error" in pushed) failed += 1;
      bar.increment({ failed });
    },
    retry() {
      retries += 1;
      bar.update({ retries });
    },
    stop() {
      bar.stop();
    },
  };
}
