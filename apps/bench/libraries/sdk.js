/** What a program imports from the official SDK. */
export { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
