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
const [name = ""] = process.argv.slice(2);
const bytes = await buffer(process.stdin);
const value = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, "");

const client = new ElevenLabsClient({
  baseUrl: CONVAI_SECRETS_URL.replace(/\/$/, ""),
  apiKey: CONVAI_SECRETS_TOKEN,
});
try {
  const { secretId } = await client.conversationalAi.secrets.create({ name, value });
  console.log(secretId);
} catch (error) {
  if (!(error instanceof ElevenLabsError)) throw error;
  // The SDK's own message can contain what was sent; the Worker's detail does not.
  const { code, detail } = (error.body ?? {}) as { code?: string; detail?: string };
  console.error(`HTTP ${error.statusCode ?? "?"}: ${code ?? "no answer"}. ${detail ?? ""}`);
  process.exitCode = 1;
}
