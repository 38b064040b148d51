import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Extractor, ExtractorConfig, type ExtractorLogLevel } from "@microsoft/api-extractor";
import { PUBLISHED, packageFolder } from "./published-packages.ts";

/*
 * Writes what each published package exports into its .api.md, so that a change of the API shows in
 * the diff that makes it; with --check, fails if what is there is not what the code says.
 */

const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
for (const name of PUBLISHED) {
  if (!report(name, !check)) continue;
  const file = `packages/${name}/${name}.api.md`;
  process.stdout.write(`${file} ${check ? "is not what the code says" : "is written"}\n`);
  if (check) process.exitCode = 1;
}
if (process.exitCode === 1) process.stdout.write("npm run api writes them\n");

/** Whether the report was another before. */
function report(name: string, write: boolean): boolean {
  const folder = packageFolder(name);
  const extractorConfig = ExtractorConfig.prepare({
    packageJsonFullPath: `${folder}/package.json`,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: "<projectFolder>/dist/index.d.ts",
      // It has a TypeScript of its own, and only the declarations are read.
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
          // What is exported is public here without a mark, and some fields need no sentence.
          "ae-missing-release-tag": { logLevel: "none" as ExtractorLogLevel },
          "ae-undocumented": { logLevel: "none" as ExtractorLogLevel },
          // A schema within a schema needs no name of its own; the report has it all the same.
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
