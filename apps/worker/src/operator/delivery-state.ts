import type { DeliveryState } from "@convai-secrets/protocol";
import type { DeliveryEntry } from "../ledger/operator-view.ts";
import { html, type Markup } from "./html.ts";

const TONES: Readonly<Record<DeliveryState, "good" | "bad" | "warn" | "open">> = {
  waiting: "open",
  pending: "open",
  unknown: "warn",
  stored: "good",
  rejected: "bad",
  superseded: "open",
};

/** What each state means, for the page of one delivery. */
export const STATE_MEANINGS: Readonly<Record<DeliveryState, string>> = {
  waiting: "Received. An earlier call for the name may still be running.",
  pending: "A call to ElevenLabs has started, and no outcome is recorded.",
  unknown: "The outcome of the last call is not known yet.",
  stored: "ElevenLabs has stored the value.",
  rejected: "Nothing was stored. A later request with the same id is a new attempt.",
  superseded: "A newer delivery of the name has started. This one is not stored any more.",
};

/** A delivery's state, with a dot in its colour. */
export function showState({ state, needsDecision }: DeliveryEntry): Markup {
  return html`<span class="state ${TONES[state]}">${state}${
    needsDecision && ", needs a decision"
  }</span>`;
}
