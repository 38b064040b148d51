import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a function with a file descriptor from which the secrets can be read as JSON. The file is
 * removed from its folder before the secrets are written, so that no other process can open it by
 * name and nothing stays if this process is killed.
 */
export async function withSecretsFile<T>(
  secrets: Readonly<Record<string, string>>,
  run: (fileDescriptor: number) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-"));
  const file = await open(join(folder, "secrets.json"), "wx+", 0o600);
  try {
    await rm(folder, { recursive: true });
    const json = Buffer.from(JSON.stringify(secrets));
    // At a fixed position, so that a reader starts at the beginning.
    await file.write(json, 0, json.length, 0);
    return await run(file.fd);
  } finally {
    await file.close();
  }
}
