import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Styles a text for a stream: only on a terminal, and as NO_COLOR and FORCE_COLOR say. */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return styleText(style, text, { stream });
}
