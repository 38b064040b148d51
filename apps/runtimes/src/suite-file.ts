import { fileURLToPath } from "node:url";

/** The path of a file of the built suite, from the sources of this package and from what is built of them. */
export function suiteFile(name: string): string {
  return fileURLToPath(new URL(`../dist/suite/${name}`, import.meta.url));
}
