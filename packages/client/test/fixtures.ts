import type { SenderCredential } from "../src/sender-options.ts";

/** Credentials of the right form that no Worker knows. */
export const SENDER_KEY = `whsec_${Buffer.from("a signing secret of 32 bytes ...").toString("base64")}`;
export const TOKEN = `cs_${"token-".repeat(7)}t`;

/** What is delivered; made up for the tests. */
export const SECRET = { name: "CRM_TOKEN", value: "hunter2hunter2" };

/** Both ways to say who sends. */
export const CREDENTIALS: [string, SenderCredential][] = [
  ["signed", { senderKey: SENDER_KEY }],
  ["with a token", { token: TOKEN }],
];
