import type { SenderCredential } from "../src/sender-options.ts";

/** Credentials of the right form that belong to no Worker. */
export const SIGNING_SECRET = `whsec_${Buffer.from("a signing secret of 32 bytes ...").toString("base64")}`;
export const TOKEN = `cs_${"token-".repeat(7)}t`;

/** The secret that tests deliver. */
export const SECRET = { name: "CRM_TOKEN", value: "hunter2hunter2" };

/** A token in the form of a JWT; not signed by anyone. */
export const ID_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl";

/** The three ways to authenticate. */
export const CREDENTIALS: [string, SenderCredential][] = [
  ["signed", { signingSecret: SIGNING_SECRET }],
  ["with a token", { token: TOKEN }],
  ["with an OIDC token", { idToken: () => ID_TOKEN }],
];
