/** What a program uses of the official SDK. */
export { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
