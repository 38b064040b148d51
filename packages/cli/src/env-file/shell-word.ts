/** A word, where its statement ends, and why a shell may read another value. */
export interface ShellWord {
  readonly end: number;
  readonly value: string;
  readonly rules: readonly string[];
}

const RULES = {
  expansion: "must not have $, ` or ~ that a shell expands",
  quotes: "must close its quotes",
  operator: "must not have ; & | < > ( or ) outside quotes",
  words: "must have its value in quotes, because it has white space",
} as const;

/** `$` is literal unless a name, a digit, a special parameter, a brace or a quote follows. */
const EXPANDING = /^\$[\w{(@*#?$!'"-]/;

/** Scans the word at a position, to the end of its statement. */
export function scanShellWord(text: string, start: number): ShellWord {
  const broken = new Set<keyof typeof RULES>();
  let value = "";
  let at = start;
  const expands = () => EXPANDING.test(text.slice(at, at + 2)) || text[at] === "`";

  function scanSingleQuotes(): void {
    const close = text.indexOf("'", at + 1);
    if (close === -1) broken.add("quotes");
    const end = close === -1 ? text.length : close;
    value += text.slice(at + 1, end);
    at = end + 1;
  }

  function scanDoubleQuotes(): void {
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
      const next = text[at + 1] ?? "";
      if (text[at] === "\\" && next !== "" && '$`"\\\n'.includes(next)) {
        at += 1;
        if (next !== "\n") value += next;
      } else {
        // A dollar sign before the closing quote is literal.
        if (expands() && !(text[at] === "$" && next === '"')) broken.add("expansion");
        value += text[at];
      }
    }
    if (at >= text.length) broken.add("quotes");
    at += 1;
  }

  for (; at < text.length && text[at] !== "\n"; ) {
    const character = text[at] ?? "";
    if (character === "'") scanSingleQuotes();
    else if (character === '"') scanDoubleQuotes();
    else if (character === "\\") {
      if (text[at + 1] !== "\n") value += text[at + 1] ?? "";
      at += 2;
    } else if (character === " " || character === "\t") {
      const end = endOfLine(text, at);
      if (!/^[ \t]+(?:#.*)?$/.test(text.slice(at, end))) broken.add("words");
      at = end;
    } else {
      if (expands() || (character === "~" && /^$|:$/.test(value))) broken.add("expansion");
      if (";&|<>()".includes(character)) broken.add("operator");
      value += character;
      at += 1;
    }
  }
  const rules = [...broken].map((rule) => RULES[rule]);
  return { end: Math.min(at, text.length), value, rules };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}
