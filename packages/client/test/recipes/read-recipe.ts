import { readFileSync } from "node:fs";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The code block of one language under one of the README's recipes: what is tested is what is read. */
export function readRecipe(title: string, language: string): string {
  const [, section = ""] = README.split(`\n### ${title}\n`);
  const [text = ""] = section.split(/\n##+ /);
  const blocks = text.split("```").filter((_, index) => index % 2 === 1);
  const found = blocks.filter((block) => block.startsWith(`${language}\n`));
  if (found.length !== 1) throw new Error(`"${title}" has ${found.length} blocks of ${language}`);
  return (found[0] ?? "").slice(language.length + 1);
}
