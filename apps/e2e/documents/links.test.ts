import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import GithubSlugger from "github-slugger";
import { expect, test } from "vitest";
import { type Document, findHeadings, findTargets, ROOT, readDocuments } from "./documents.ts";

const documents = readDocuments();
const byPath = new Map(documents.map((document) => [document.path, document]));

const links = documents.flatMap((document) =>
  findTargets(document)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ from: document.path, target })),
);

test.each(links)("the link in $from to $target leads somewhere", ({ from, target }) => {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? from : relative(ROOT, join(ROOT, dirname(from), path));
  expect(existsSync(join(ROOT, file))).toBe(true);
  if (anchor === undefined) return;
  const document = byPath.get(file);
  expect(document && listAnchors(document)).toContain(anchor);
});

function listAnchors(document: Document): string[] {
  const slugger = new GithubSlugger();
  return findHeadings(document).map((heading) => slugger.slug(heading));
}
