import { coreCreate } from "./core-create.ts";
import { coreErrors } from "./core-errors.ts";
import { coreList } from "./core-list.ts";
import { coreParts } from "./core-parts.ts";
import type { Report, Setting } from "./report.ts";
import { runTests } from "./run.ts";
import { senderDeliver } from "./sender-deliver.ts";
import { senderErrors } from "./sender-errors.ts";
import { senderList } from "./sender-list.ts";
import { senderRetry } from "./sender-retry.ts";

/** Runs every test of core and of the sender's library. */
export function runSuite(setting: Setting): Promise<Report> {
  return runTests(
    {
      "core, createSecret": coreCreate,
      "core, its errors": coreErrors,
      "core, listSecrets": coreList,
      "core, its parts": coreParts,
      "sender, deliverSecret": senderDeliver,
      "sender, its errors": senderErrors,
      "sender, its retries": senderRetry,
      "sender, listDeliveries": senderList,
    },
    setting,
  );
}
