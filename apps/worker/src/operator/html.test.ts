import { describe, expect, test } from "vitest";
import { html } from "./html.ts";

describe("html", () => {
  test("html escapes every character that could end a text or an attribute value", () => {
    const text = `<b a='1' c="2">&amp;`;
    expect(String(html`<i title="${text}">${text}</i>`)).toBe(
      '<i title="&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;">&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;</i>',
    );
  });

  test("html keeps nested markup and joins lists", () => {
    const items = ["<", "&"].map((text) => html`<li>${text}</li>`);
    expect(String(html`<ul>${items}</ul>`)).toBe("<ul><li>&lt;</li><li>&amp;</li></ul>");
  });

  test("html escapes text in nested lists", () => {
    expect(String(html`${[["<", [">"]], 1]}`)).toBe("&lt;&gt;1");
  });

  test("html writes nothing for null, undefined and false, and writes zero", () => {
    expect(String(html`${null}${undefined}${false}${0}`)).toBe("0");
  });

  test("html escapes an object that only pretends to be markup", () => {
    const forged = { toString: () => "<script>" };
    expect(() => String(html`${forged as never}`)).toThrow(TypeError);
  });

  test("html does not read replacement patterns or placeholders in a value", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text must look like a placeholder
    expect(String(html`${"$& $1 ${x}"}|${"2"}`)).toBe("$&amp; $1 ${x}|2");
  });
});
