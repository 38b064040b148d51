/** Markup that is safe to send. Only {@link html} can make it, so text never becomes markup. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };

/** What a template accepts: text is escaped, markup is kept, lists are joined, the rest is empty. */
export type Content = string | number | Markup | null | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template of HTML that escapes every value. A value is either an element's text or a whole
 * attribute value in quotation marks: no template puts one into a tag name, an unquoted attribute, a
 * `style`, a `script` or a URL's scheme.
 *
 * @example
 * ```ts
 * html`<td title="${name}">${name}</td>`;
 * ```
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: literals }, ...values.map(toMarkup)));
}

function toMarkup(value: Content): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Markup) return value.toString();
  if (typeof value === "object") return value.map(toMarkup).join("");
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
