import { expect, test } from "vitest";
import { listFiles, readText } from "./documents.ts";

/** Words and phrases that plain technical English replaces, with the replacement. */
const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\banew\b/i, "again"],
  [/\bmend(s|ed|ing)?\b/i, "correct, fix"],
  [/\bnobody\b/i, "say who or what"],
  [/\b(some|any)body\b/i, "someone, anyone, or say who"],
  [/\bwhoever\b/i, "the caller, the reader, …"],
  [/\bfor ever\b/i, "permanently, without end"],
  [/\bis told\b/i, "gets, receives"],
  [/\btakes? (it |them )?for\b/i, "treats as"],
  [/\ba key twice\b/i, "duplicate keys"],
  [/\bstrangers?\b/i, "unauthenticated requests"],
];

const files = listFiles().filter(
  (path) => /\.(md|[jt]s|ya?ml|sh|py|tf)$/.test(path) && !/\.d\.ts$|language\.test\.ts$/.test(path),
);

test.each(files)("%s is written in plain technical English", (path) => {
  const lines = readText(path).split("\n");
  const found = lines.flatMap((line, index) =>
    REPLACED.filter(([pattern]) => pattern.test(line)).map(
      ([pattern, replacement]) => `${index + 1}: ${pattern.source} → ${replacement}`,
    ),
  );
  expect(found).toEqual([]);
});
