import { PATHS } from "@convai-secrets/protocol";
import type { DecisionFields } from "./decision.ts";
import { DECISION_TEXTS } from "./decision-texts.ts";
import { html, type Markup } from "./html.ts";

/** The path of the confirmation: GET shows it, POST decides. */
export const DECISION_PATH = `${PATHS.operator}/decision`;

/** A button that leads to the confirmation of a decision. `about` completes its accessible name. */
export function showDecisionButton(fields: DecisionFields, about: string): Markup {
  return html`<form action="${DECISION_PATH}">${showFields(fields)}<button class="button" aria-label="${
    DECISION_TEXTS[fields.action].button
  }: ${about}">${DECISION_TEXTS[fields.action].button}</button></form>`;
}

/** The form that makes the decision. */
export function showConfirmationForm(fields: DecisionFields): Markup {
  return html`<form method="post" action="${DECISION_PATH}" class="row">${showFields(fields)}<button class="button primary">Confirm: ${DECISION_TEXTS[
    fields.action
  ].button.toLowerCase()}</button><a class="button" href="${PATHS.operator}">Cancel</a></form>`;
}

function showFields(fields: DecisionFields): Markup[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
}
