import type { DecisionAction } from "./decision.ts";

interface DecisionTexts {
  /** The button that leads to the confirmation. */
  readonly button: string;
  /** What happens if it is confirmed. */
  readonly effect: string;
  /** What was decided, in the list of recorded decisions and after the confirmation. */
  readonly recorded: string;
}

/** What the pages say about each decision. */
export const DECISION_TEXTS: Readonly<Record<DecisionAction, DecisionTexts>> = {
  this_is_the_secret: {
    button: "This is the secret",
    effect: "The delivery is recorded as stored with this secret_id, and its retries are replayed.",
    recorded: "This is the secret",
  },
  it_was_not_stored: {
    button: "It was not stored",
    effect:
      "The next retry of the delivery is sent to ElevenLabs. If it was stored after all, the name then has two secrets.",
    recorded: "It was not stored",
  },
  adopt: {
    button: "Adopt this secret",
    effect:
      "Deliveries of this name replace the value of this secret and keep its secret_id, if the policy of their sender is update or adopt.",
    recorded: "Secret adopted",
  },
  pause: {
    button: "Pause",
    effect: "Deliveries of this sender get 503 sender_paused until it is resumed.",
    recorded: "Sender paused",
  },
  resume: {
    button: "Resume",
    effect: "Deliveries of this sender are accepted again.",
    recorded: "Sender resumed",
  },
};
