import type { Document } from "../document.ts";
import { html } from "../html.ts";
import { operatorUrl } from "../links.ts";
import type { OperatorCall } from "../operator-call.ts";
import { showCandidates } from "./decision-card.ts";
import { showMessage } from "./message.ts";

/** One name: the secrets that have it upstream now, of which one can be adopted. */
export async function showName({ ledger, url }: OperatorCall): Promise<Document> {
  const name = url.searchParams.get("name") ?? "";
  if (name === "") return showMessage(404, "No such name", "The address names no secret.");
  const [list, page] = await Promise.all([
    ledger.candidates(name),
    ledger.names(name, undefined, 1),
  ]);
  const entry = page.names.find((candidate) => candidate.name === name);
  const managed = entry?.secretId ?? null;
  return {
    title: `Name ${name}`,
    body: html`<h1>Name <code>${name}</code></h1>
<p class="soft">${
      managed === null
        ? "This Worker manages no secret under this name."
        : html`This Worker manages <code>${managed}</code> under this name.`
    } <a href="${operatorUrl("/deliveries", { name })}">Deliveries of this name</a></p>
<h2>Secrets in the workspace now</h2>
${showCandidates(list, (candidate) =>
  candidate.name === name && candidate.secretId !== managed
    ? { action: "adopt", name, secretId: candidate.secretId }
    : undefined,
)}`,
  };
}
