import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs npm in a folder, without packages' scripts and without requests that are not needed. */
export async function runNpm(folder: string, args: readonly string[]): Promise<string> {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--silent"];
  const options = { cwd: folder, env: cleanEnvironment(), maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await execute("npm", [...args, ...quiet], options);
  return stdout;
}

/** The variables that npm sets for scripts would tie the started npm to this repository. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return Object.fromEntries(entries);
}
