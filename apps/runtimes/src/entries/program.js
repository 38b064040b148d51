// Node, Bun and Deno: the setting comes in the environment, the report goes out as a line.
import process from "node:process";
import { runSuite } from "./suite.js";

const report = await runSuite(JSON.parse(process.env.SETTING));
// A test that did not end may hold the process open, and must not cost the report of the others.
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());
