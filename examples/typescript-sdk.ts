/*
 * Stores a secret with the official SDK (@elevenlabs/elevenlabs-js 2.41.0 or newer: older versions
 * throw ParseError for every 422).
 *
 *   CONVAI_SECRETS_URL=https://… CONVAI_SECRETS_TOKEN=cs_… node typescript-sdk.ts NAME < VALUE_FILE
 *
 * The value is UTF-8. One line break at its end is not stored.
 */
import { buffer } from "node:stream/consumers";
import { ElevenLabsClient, ElevenLabsError } from "@elevenlabs/elevenlabs-js";

const { CONVAI_SECRETS_URL = "", CONVAI_SECRETS_TOKEN = "" } = process.env;
const { protocol, hostname } = new URL(CONVAI_SECRETS_URL);
const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
if (protocol !== "https:" && !(protocol === "http:" && isLoopback)) {
  throw new Error("CONVAI_SECRETS_URL must start with https://");
}
const [name = ""] = process.argv.slice(2);
const bytes = await buffer(process.stdin);
const value = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, "");

const client = new ElevenLabsClient({
  baseUrl: CONVAI_SECRETS_URL.replace(/\/$/, ""),
  apiKey: CONVAI_SECRETS_TOKEN,
  // A redirect would carry the token and the value to another address.
  fetch: (input, init) => fetch(input, { ...init, redirect: "error" }),
});
try {
  const { secretId } = await client.conversationalAi.secrets.create({ name, value });
  console.log(secretId);
} catch (error) {
  if (!(error instanceof ElevenLabsError)) throw error;
  // The SDK's own message can contain what was sent; the Worker's detail does not.
  const { code, detail } = (error.body ?? {}) as { code?: string; detail?: string };
  console.error(`HTTP ${error.statusCode ?? "?"}: ${code ?? "no answer"}. ${detail ?? ""}`);
  // The timer of the SDK's time limit would keep the process running.
  process.exit(1);
}
