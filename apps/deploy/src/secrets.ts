import { parseSenders } from "@convai-secrets/protocol";

/** A Worker secret holds no more. */
const MAX_SECRET_BYTES = 5 * 1024;

/** What to tell whoever is asked for a secret. */
export const HINTS: Readonly<Record<string, string>> = {
  ELEVENLABS_API_KEY:
    "the workspace's API key, best one of its own with the permissions convai_write and convai_read",
  SENDERS:
    'who may call, as JSON: [{"id":"ci","tokenHashes":["sha256:<64 hex digits>"],"names":["CI_*"]}]',
};

/** What is wrong with a secret, in words that hold nothing of it. */
export function findFaults(name: string, value: string): string[] {
  if (value === "") return [`${name} must not be empty`];
  const faults: string[] = [];
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) {
    faults.push(`${name} must not exceed ${MAX_SECRET_BYTES} bytes`);
  }
  if (name === "ELEVENLABS_API_KEY" && !/^[\x21-\x7e]+$/.test(value)) {
    faults.push(`${name} must be visible ASCII characters`);
  }
  if (name === "SENDERS") {
    const issues = parseSenders(value).issues ?? [];
    faults.push(
      ...issues.map(({ path, rule }) => `${path === "" ? name : `${name}.${path}`} ${rule}`),
    );
  }
  return faults;
}
