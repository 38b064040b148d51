import { startWorkerd } from "@convai-secrets/testing";
import manifest from "workerd/package.json" with { type: "json" };
import type { Runtime } from "../runtime.ts";
import type { Report } from "../suite/support/report.ts";
import { suiteFile } from "../suite-file.ts";

/** Without the Node API: core and the client must not need it. */
export const workerd: Runtime = {
  name: "workerd",
  async find() {
    return {
      version: manifest.version,
      async run({ setting }) {
        const worker = await startWorkerd({
          script: suiteFile("worker.js"),
          modules: { "suite.js": suiteFile("suite.js") },
          env: { SETTING: JSON.stringify(setting) },
          compatibilityFlags: ["no_nodejs_compat"],
        });
        try {
          return (await (await fetch(worker.url)).json()) as Report;
        } finally {
          await worker.kill();
        }
      },
    };
  },
};
