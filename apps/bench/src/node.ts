import { measureImports } from "./imports.ts";
import { measureInstalled } from "./installed.ts";
import type { Section } from "./section.ts";
import { formatNumber, formatRatio } from "./table.ts";

/** Measures what the packages cost in Node.js: their import and their size on disk. */
export async function measureNode(importRounds: number): Promise<Section> {
  const [imports, installed] = [await measureImports(importRounds), await measureInstalled()];
  return {
    title: "In Node.js",
    text: "The time of an import in a new process, as a ratio to the import of ky and valibot, and the size of the package with its dependencies.",
    table: {
      head: ["", "import ms", "ratio", "installed MB", "packages"],
      rows: installed.map(({ name, bytes, packages }) => {
        const time = imports.find((one) => one.name === name);
        return [
          name,
          formatNumber(time?.ms),
          formatRatio(time?.ratio),
          (bytes / 1e6).toFixed(1),
          String(packages),
        ];
      }),
    },
  };
}
