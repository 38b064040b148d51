import QUnit, { type LogDetails } from "qunit";
import "./client/deliver-secret.ts";
import "./client/errors.ts";
import "./client/list-deliveries.ts";
import "./client/retries.ts";
import "./core/create-secret.ts";
import "./core/errors.ts";
import "./core/list-secrets.ts";
import "./core/schemas.ts";
import "./core/update-secret.ts";
import type { Failure, Report, Setting } from "./support/report.ts";
import { provideSetting } from "./support/setting.ts";

/** Far more than any test needs: a test that hangs fails alone. */
const TEST_TIMEOUT_MS = 20_000;

Object.assign(QUnit.config, { reorder: false, testTimeout: TEST_TIMEOUT_MS });

/** Runs every test of core and of the client, and collects what failed. */
export function runSuite(setting: Setting): Promise<Report> {
  provideSetting(setting);
  let passed = 0;
  const failures: Failure[] = [];
  let reasons: string[] = [];
  QUnit.log((assertion) => {
    if (!assertion.result) reasons.push(describe(assertion));
  });
  QUnit.testDone(({ module, name, failed }) => {
    if (failed === 0) passed += 1;
    else failures.push({ test: `${module}: ${name}`, reason: reasons.join("\n") });
    reasons = [];
  });
  return new Promise((resolve) => {
    QUnit.done(() => resolve({ passed, failures }));
    QUnit.start();
  });
}

function describe({ message, expected, actual, source }: LogDetails): string {
  const values = `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  return [message, values, source].filter(Boolean).join("\n");
}
