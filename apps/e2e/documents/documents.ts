import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { marked, type Token, type Tokens } from "marked";

/** The repository's root. */
export const ROOT = join(import.meta.dirname, "../../..");

/** A Markdown document of the repository. */
export interface Document {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  /** Every token, also those inside of others. */
  readonly tokens: readonly Token[];
}

/** The files that git tracks or would track, relative to the root. */
export function listFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const output = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" });
  return output.split("\n").filter((path) => path !== "" && existsSync(join(ROOT, path)));
}

/** Reads a file by its path relative to the root. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Reads every Markdown document that people write. */
export function readDocuments(): Document[] {
  return listFiles()
    .filter(
      (path) => path.endsWith(".md") && !/\.api\.md$|CHANGELOG\.md$|^\.changeset\//.test(path),
    )
    .map((path) => {
      const text = readText(path);
      const tokens: Token[] = [];
      marked.walkTokens(marked.lexer(text), (token) => {
        tokens.push(token);
      });
      return { path, text, tokens };
    });
}

/** The fenced code blocks of a document. */
export function findCode({ tokens }: Document): Tokens.Code[] {
  return tokens.filter((token): token is Tokens.Code => token.type === "code");
}

/** The commands and names that a document sets as code. */
export function findCodeTexts({ tokens }: Document): string[] {
  return tokens
    .filter(({ type }) => type === "code" || type === "codespan")
    .map((token) => (token as Tokens.Codespan).text);
}

/** The texts of the headings of a document. */
export function findHeadings({ tokens }: Document): string[] {
  return tokens
    .filter((token): token is Tokens.Heading => token.type === "heading")
    .map(({ text }) => text.replaceAll("`", ""));
}

/** The targets of a document's links and images. */
export function findTargets({ tokens }: Document): string[] {
  return tokens
    .filter(({ type }) => type === "link" || type === "image")
    .map((token) => (token as Tokens.Link).href);
}
