// Node, Bun and Deno: the environment holds the setting, and a line of JSON is the report.
import process from "node:process";
import { runSuite } from "./suite.js";

const report = await runSuite(JSON.parse(process.env.SETTING));
// A test that timed out can keep the process alive.
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());
