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
    effect:
      "The delivery is recorded as stored with this secret_id. Retries of it get this answer, and later deliveries of the name follow the policy of their sender.",
    recorded: "This is the secret",
  },
  it_was_not_stored: {
    button: "It was not stored",
    effect:
      "The next retry of the delivery is sent to ElevenLabs. If the secret was stored after all, there are then two secrets with this name.",
    recorded: "It was not stored",
  },
  adopt: {
    button: "Adopt this secret",
    effect:
      "This Worker manages the secret under its name from now on. Deliveries of senders with the policy update or adopt replace its value and keep its secret_id.",
    recorded: "Secret adopted",
  },
  pause: {
    button: "Pause",
    effect:
      "New deliveries of this sender get 503 sender_paused until it is resumed. Deliveries that are stored already can still be replayed.",
    recorded: "Sender paused",
  },
  resume: {
    button: "Resume",
    effect: "Deliveries of this sender are accepted again.",
    recorded: "Sender resumed",
  },
};
