import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Extractor, ExtractorConfig, type ExtractorLogLevel } from "@microsoft/api-extractor";
import { LIBRARIES, type PublishedFolder, packageFolder } from "./published-packages.ts";

/*
 * Writes what each published library exports into its .api.md, so that the diff of a change shows
 * what it does to the API. With --check, it fails if a report is out of date.
 */

const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
for (const name of LIBRARIES) {
  if (!report(name, !check)) continue;
  const file = `packages/${name}/${name}.api.md`;
  process.stdout.write(`${file} ${check ? "is out of date: npm run api" : "is written"}\n`);
  if (check) process.exitCode = 1;
}

/** Whether the report has changed. */
function report(name: PublishedFolder, write: boolean): boolean {
  const folder = packageFolder(name);
  const extractorConfig = ExtractorConfig.prepare({
    packageJsonFullPath: `${folder}/package.json`,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: "<projectFolder>/dist/index.d.ts",
      // API Extractor brings its own TypeScript. It reads only the declarations.
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2022",
            lib: ["es2024", "dom"],
            module: "nodenext",
            moduleResolution: "nodenext",
            strict: true,
            types: [],
          },
          files: ["dist/index.d.ts"],
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: name,
        reportFolder: "<projectFolder>",
        reportTempFolder: fileURLToPath(new URL("../dist/api-report", import.meta.url)),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" as ExtractorLogLevel } },
        extractorMessageReporting: {
          default: { logLevel: "error" as ExtractorLogLevel },
          // Every export is public without a tag, and some fields need no text.
          "ae-missing-release-tag": { logLevel: "none" as ExtractorLogLevel },
          "ae-undocumented": { logLevel: "none" as ExtractorLogLevel },
          // A type without an export of its own is in the report as well.
          "ae-forgotten-export": { logLevel: "none" as ExtractorLogLevel },
          "ae-unresolved-link": { logLevel: "none" as ExtractorLogLevel },
        },
        tsdocMessageReporting: { default: { logLevel: "none" as ExtractorLogLevel } },
      },
    },
  });
  const { succeeded, apiReportChanged, errorCount } = Extractor.invoke(extractorConfig, {
    localBuild: write,
    showVerboseMessages: false,
    messageCallback: (message) => {
      message.handled = message.logLevel !== "error";
    },
  });
  if (errorCount > 0) throw new Error(`${errorCount} errors in the API of ${name}`);
  return apiReportChanged || !succeeded;
}
