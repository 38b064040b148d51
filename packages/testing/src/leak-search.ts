import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Shorter pieces can match by chance. */
const PIECE_LENGTH = 12;

/** Searches a text for secrets. It returns the names of those found, never a piece of one. */
export type LeakSearch = (text: string | Buffer) => string[];

/**
 * Makes a search for secrets in every form in which they can leak: verbatim, in pieces of 12
 * characters, escaped for JSON, a URL or HTML, in base64 at any offset, in hex, and as a plain hash,
 * which reveals a short secret. It ignores case.
 *
 * @param secrets by the name to report
 * @example
 * ```ts
 * const search = searchFor({ value, token });
 * expect(search(output)).toEqual([]);
 * ```
 */
export function searchFor(secrets: Readonly<Record<string, string>>): LeakSearch {
  const forms = Object.entries(secrets).flatMap(([name, secret]) =>
    listForms(secret).map((form): [string, string] => [name, form.toLowerCase()]),
  );
  return (text) => {
    // In latin1 each byte is one character, so that bytes that are not text are found too.
    const haystacks =
      typeof text === "string" ? [text] : [text.toString("latin1"), text.toString()];
    const lower = haystacks.map((haystack) => haystack.toLowerCase());
    const found = forms.filter(([, form]) => lower.some((haystack) => haystack.includes(form)));
    return [...new Set(found.map(([name]) => name))];
  };
}

/**
 * Searches the content and the name of every file below a folder.
 *
 * @returns what was found, by file name
 * @throws {Error} if there is no file
 */
export async function searchFiles(
  search: LeakSearch,
  folder: string,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length === 0) throw new Error(`There are no files in ${folder}`);
  for (const { parentPath, name } of files) {
    const hits = [...search(name), ...search(await readFile(join(parentPath, name)))];
    if (hits.length > 0) found[name] = hits;
  }
  return found;
}

function listForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const digest = createHash("sha256").update(bytes).digest();
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    escapeToAscii(json),
    // JSON within JSON.
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll("%20", "+"),
    secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
    ...listBinaryForms(bytes),
    ...listBinaryForms(digest),
    digest.subarray(0, 8).toString("hex"),
    ...listPieces(secret),
    // A signing secret is its prefix and the base64 of its bytes.
    ...(secret.startsWith("whsec_") ? listBinaryForms(Buffer.from(secret.slice(6), "base64")) : []),
  ];
}

function listBinaryForms(bytes: Buffer): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // The first and the last characters also hold bits of the neighbouring bytes.
    return encoded.slice(Math.ceil((offset * 4) / 3), -4);
  });
  const base64Url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [bytes.toString("latin1"), bytes.toString("hex"), ...base64, ...base64Url];
}

function listPieces(secret: string): string[] {
  const length = Math.max(0, secret.length - PIECE_LENGTH + 1);
  return Array.from({ length }, (_, start) => secret.slice(start, start + PIECE_LENGTH));
}

function escapeToAscii(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
