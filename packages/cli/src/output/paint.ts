import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** `NO_COLOR` takes precedence over `FORCE_COLOR`, also for the libraries that print. */
export function applyNoColor(env: NodeJS.ProcessEnv): void {
  if (env["NO_COLOR"]) delete env["FORCE_COLOR"];
}

/** Styles a text for a stream that is a terminal. */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return styleText(style, text, { stream });
}
