import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";

const AddressesSchema = v.record(v.string(), v.array(v.string()));

/** Remembers where an environment was deployed to, in a folder that is not committed. */
export async function saveAddresses(
  configFile: string,
  environmentName: string,
  origins: readonly string[],
): Promise<void> {
  const file = locate(configFile);
  await mkdir(dirname(file), { recursive: true });
  const addresses = { ...(await readAll(file)), [environmentName]: origins };
  await writeFile(file, `${JSON.stringify(addresses, null, 2)}\n`);
}

/** The addresses of an environment's last deployment from this machine. */
export async function loadAddresses(
  configFile: string,
  environmentName: string,
): Promise<readonly string[]> {
  return (await readAll(locate(configFile)))[environmentName] ?? [];
}

function locate(configFile: string): string {
  return join(dirname(configFile), ".wrangler/deployed-addresses.json");
}

async function readAll(file: string): Promise<Record<string, string[]>> {
  try {
    const json: unknown = JSON.parse(await readFile(file, "utf8"));
    return v.is(AddressesSchema, json) ? json : {};
  } catch {
    return {};
  }
}
