import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Shorter pieces could be somewhere by chance. */
const PIECE_LENGTH = 12;

/** Tells where a secret shows, by its name; nothing of it, lest the report leak. */
export type Search = (text: string | Buffer) => string[];

/**
 * Makes a search for secrets in every form in which they might come out: as they are and in pieces,
 * escaped for JSON, for a URL or for HTML, in base64 at any offset, in hex, and as a plain hash, by
 * which a short secret is guessed. Upper and lower case are the same to it.
 */
export function searchFor(secrets: Readonly<Record<string, string>>): Search {
  const forms = Object.entries(secrets).flatMap(([name, secret]) =>
    listForms(secret).map((form): [string, string] => [name, form.toLowerCase()]),
  );
  return (text) => {
    // Bytes that are no text must be found too: each is a character of its own.
    const haystacks =
      typeof text === "string" ? [text] : [text.toString("latin1"), text.toString()];
    const lower = haystacks.map((haystack) => haystack.toLowerCase());
    const found = forms.filter(([, form]) => lower.some((haystack) => haystack.includes(form)));
    return [...new Set(found.map(([name]) => name))];
  };
}

/** Searches every file below a folder, and their names. */
export async function searchFiles(
  search: Search,
  folder: string,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length === 0) throw new Error(`There is nothing to search in ${folder}`);
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
    // What follows the prefix of a signing secret is the base64 of its bytes.
    ...(secret.startsWith("whsec_") ? listBinaryForms(Buffer.from(secret.slice(6), "base64")) : []),
  ];
}

function listBinaryForms(bytes: Buffer): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // The first and the last characters also hold bits of what stands before and after.
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
