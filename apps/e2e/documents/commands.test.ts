import { expect, test } from "vitest";
import { findCode, findCodeTexts, listFiles, readDocuments, readText } from "./documents.ts";

const documents = readDocuments();
const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

/** Files in which a person reads commands. */
const files = listFiles().filter((path) => /\.(md|ts|ya?ml|json|sh|py|tf)$/.test(path));

test("no file tells people to run a bare npx convai-secrets, which runs an unknown package outside the repository", () => {
  const bare = /npx (?!--no )(?:--?\w[\w-]* )*convai-secrets/;
  const found = files.filter(
    (path) => !path.endsWith("commands.test.ts") && bare.test(readText(path)),
  );
  expect(found).toEqual([]);
});

const runs = documents.flatMap((document) =>
  findCodeTexts(document).flatMap((text) =>
    [...text.matchAll(/npm (?:run ([a-z:-]+)|(test|start))/g)].map(([, run, name = run ?? ""]) => ({
      path: document.path,
      name,
    })),
  ),
);

test.each(runs)("the command npm run $name in $path is a script of the root", ({ name }) => {
  expect(Object.keys(scripts)).toContain(name);
});

test("the README has fewer than 250 lines", () => {
  expect(readText("README.md").split("\n").length).toBeLessThan(250);
});

test("every JSON block of the documents is valid JSON", () => {
  for (const document of documents) {
    for (const { lang, text } of findCode(document)) {
      if (lang === "json") expect(() => JSON.parse(text), document.path).not.toThrow();
    }
  }
});
