import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ElevenLabsLocalServer, serveElevenLabsLocal } from "@convai-secrets/elevenlabs-local";
import { type RunningWorkerd, startWorkerd } from "@convai-secrets/testing";
import { Webhook } from "standardwebhooks";
import { watchAnswers } from "./watch-answers.ts";

/**
 * The built Worker in standalone workerd, and the stand-in upstream on a real socket. Every answer
 * that fetch gets from it is held against the OpenAPI document.
 */
export interface Rig {
  readonly upstream: ElevenLabsLocalServer;
  readonly token: string;
  readonly signingSecret: string;
  worker(): RunningWorkerd;
  /** Kills the Worker's process and starts it anew on the same storage, with other bindings if given. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

export const API_KEY = "rig-api-key-0123456789";
const SCRIPT = join(import.meta.dirname, "../../dist/index.js");

/**
 * Starts both, the Worker with its storage in a folder if one is given.
 *
 * @param wrapper a module that is run instead, and imports the built Worker as ./built.js
 */
export async function startRig(
  env: Readonly<Record<string, string>> = {},
  storage?: string,
  wrapper?: string,
): Promise<Rig> {
  const upstream = await serveElevenLabsLocal({
    apiKeys: { [API_KEY]: ["convai_write", "convai_read"] },
  });
  const { token, signingSecret, sender } = generateSender("rig");
  const bindings = {
    ELEVENLABS_API_KEY: API_KEY,
    ELEVENLABS_BASE_URL: upstream.url,
    SENDERS: JSON.stringify([sender]),
    SETTLE_SECONDS: "1",
    ...env,
  };
  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const worker = await startWorkerd({
      ...(wrapper === undefined
        ? { script: SCRIPT }
        : { script: wrapper, modules: { "built.js": SCRIPT } }),
      env: { ...bindings, ...more },
      durableObjects: { LEDGER: "Ledger" },
      ...(storage === undefined ? {} : { storage }),
    });
    watchAnswers(worker.url);
    return worker;
  };
  let worker = await start();
  return {
    upstream,
    token,
    signingSecret,
    worker: () => worker,
    async restart(more) {
      await worker.kill();
      worker = await start(more);
    },
    async stop() {
      await worker.kill();
      await upstream.close();
    },
  };
}

/** Fresh credentials, and the sender they belong to. */
export function generateSender(id: string) {
  const token = `cs_${randomBytes(32).toString("base64url")}`;
  const signingSecret = `whsec_${randomBytes(32).toString("base64")}`;
  const hash = createHash("sha256").update(token).digest("hex");
  const sender = { id, signingSecrets: [signingSecret], tokenHashes: [`sha256:${hash}`] };
  return { token, signingSecret, sender };
}

/** The headers of a signed request, as the library makes them. */
export function sign(body: string, id: string, signingSecret: string): Record<string, string> {
  const now = new Date();
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(signingSecret).sign(id, now, body),
  };
}

/** An answer of the Worker, read. */
export interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly retryAfter: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends a secret with a token. */
export async function create(
  rig: Rig,
  name: string,
  value: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = JSON.stringify({ type: "new", name, value });
  const response = await fetch(`${rig.worker().url}/v1/convai/secrets`, {
    method: "POST",
    headers: { "xi-api-key": rig.token, "content-type": "application/json", ...headers },
    body,
  });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answer> {
  const retryAfter = response.headers.get("retry-after");
  return {
    status: response.status,
    replayed: response.headers.get("idempotent-replayed") === "true",
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
    body: (await response.json()) as Record<string, unknown>,
  };
}
