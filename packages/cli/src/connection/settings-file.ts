import { open } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseJson } from "@convai-secrets/protocol";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-codes.ts";

/**
 * The file that is read if neither `--settings` nor the environment names a Worker.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function defaultSettingsPath(env: NodeJS.ProcessEnv): string {
  const home = env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config");
  return join(home, "convai-secrets", "config.json");
}

/**
 * Reads a settings file. It is opened once, so that the file that is checked is the file that is
 * read.
 *
 * @param label how to call the file
 * @returns `undefined` if an optional file does not exist
 * @throws {CommandFailure} if it cannot be read, is no JSON, or others can read it
 */
export async function readSettingsFile(
  path: string,
  label: string,
  presence: "required" | "optional" = "required",
): Promise<unknown> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (presence === "optional" && error.code === "ENOENT") return undefined;
    throw reject(label, "cannot be read");
  });
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw reject(label, "must be a file");
    // Windows has no such modes.
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0) {
      throw reject(label, "must not be readable or writable by others: run chmod 600 on it");
    }
    const { json, issue } = parseJson(await file.readFile("utf8"));
    if (issue === undefined) return json;
    const rule = issue.reason === "malformed" ? "must be JSON" : "must not contain duplicate keys";
    throw reject(label, rule);
  } finally {
    await file.close();
  }
}

function reject(path: string, rule: string): CommandFailure {
  const message = "The settings file cannot be used";
  return new CommandFailure("configuration", EXIT.usage, message, [{ path, rule }]);
}
