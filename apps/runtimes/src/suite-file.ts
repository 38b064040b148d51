import { fileURLToPath } from "node:url";

/** The path of a file of the built suite. */
export function suiteFile(name: string): string {
  return fileURLToPath(new URL(`../dist/suite/${name}`, import.meta.url));
}
