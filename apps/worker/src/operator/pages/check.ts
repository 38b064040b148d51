import { PATHS } from "@convai-secrets/protocol";
import { type CheckLine, runCheck } from "../check.ts";
import type { Document } from "../document.ts";
import { html, type Markup } from "../html.ts";
import type { OperatorCall } from "../operator-call.ts";

const START = html`<form method="post" action="${PATHS.operator}/check"><button class="button primary">Check now</button></form>`;

const INTRODUCTION = html`<h1>Check</h1>
<p>Checks the API key and its permissions, the region, the clock and the keys of issuers. It creates nothing: it updates a random unknown id, and 404 means that the API key may write.</p>`;

/** What the check does, and the button that starts it. */
export async function showCheck(): Promise<Document> {
  return { title: "Check", body: html`${INTRODUCTION}${START}` };
}

/** Runs the check and shows its lines. */
export async function runCheckPage(call: OperatorCall): Promise<Document> {
  const lines = await runCheck(call);
  const problems = lines.filter(({ status }) => status !== "ok").length;
  return {
    title: "Check",
    body: html`${INTRODUCTION}
<p role="status"><strong>${
      problems === 0 ? "Everything works." : `${problems} of ${lines.length} need attention.`
    }</strong></p>
${lines.map(showLine)}
${START}`,
  };
}

const TONES: Readonly<Record<CheckLine["status"], string>> = {
  ok: "good",
  failed: "bad",
  unclear: "warn",
};

function showLine({ subject, status, message, advice }: CheckLine): Markup {
  return html`<section class="panel"><h2><span class="state ${TONES[status]}">${subject}: ${status}</span></h2>
<p>${message}</p>${advice !== undefined && html`<p><strong>What to do:</strong> ${advice}</p>`}</section>`;
}
