import { coreCreate } from "./core-create.js";
import { coreErrors } from "./core-errors.js";
import { coreList } from "./core-list.js";
import { coreParts } from "./core-parts.js";
import type { Report, Setting } from "./report.js";
import { runTests } from "./run.js";
import { senderDeliver } from "./sender-deliver.js";
import { senderErrors } from "./sender-errors.js";
import { senderList } from "./sender-list.js";
import { senderRetry } from "./sender-retry.js";

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
