// @vitest-environment happy-dom
// Mermaid sanitises labels with DOMPurify, which needs a document.
import mermaid from "mermaid";
import { expect, test } from "vitest";
import { findCode, readDocuments } from "./documents.ts";

const diagrams = readDocuments().flatMap((document) =>
  findCode(document)
    .filter(({ lang }) => lang === "mermaid")
    .map(({ text }, index) => ({ place: `${document.path}, number ${index + 1}`, text })),
);

test("the README and docs/exactly-once.md have diagrams", () => {
  const places = diagrams.map(({ place }) => place).join(" ");
  expect(places).toContain("README.md");
  expect(places).toContain("docs/exactly-once.md");
});

test.each(diagrams)("the diagram in $place is valid Mermaid", async ({ text }) => {
  await expect(mermaid.parse(text)).resolves.toBeTruthy();
});

test("a semicolon in a message of a sequence diagram is found", async () => {
  await expect(mermaid.parse("sequenceDiagram\n  A->>B: first; second")).rejects.toThrow();
});
