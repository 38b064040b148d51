import { PATHS } from "@convai-secrets/protocol";
import type { Configuration } from "../configuration.ts";
import type { LedgerClient } from "../ledger/ledger-client.ts";
import { logUnexpected } from "../log.ts";
import { Problem } from "../problem.ts";
import { readRequestBody } from "../request/read-request-body.ts";
import { isFormOfThisOrigin } from "./check-form-origin.ts";
import { decide, type Redirect } from "./decide.ts";
import { DECISION_PATH } from "./decision-form.ts";
import { type Document, sendDocument } from "./document.ts";
import { html } from "./html.ts";
import type { OperatorCall } from "./operator-call.ts";
import { runCheckPage, showCheck } from "./pages/check.ts";
import { showConfirmation } from "./pages/confirmation.ts";
import { showDeliveries } from "./pages/deliveries.ts";
import { showDelivery } from "./pages/delivery.ts";
import { showMessage } from "./pages/message.ts";
import { showName } from "./pages/name.ts";
import { showNames } from "./pages/names.ts";
import { showOverview } from "./pages/overview.ts";

/** What a request for the operator's pages needs. */
export interface OperatorContext {
  readonly requestId: string;
  readonly configuration: Configuration;
  /** Opens the ledger. A stub that met an exception is broken, so each request opens its own. */
  readonly openLedger: () => LedgerClient;
}

type ShowPage = (call: OperatorCall) => Promise<Document>;
type HandleForm = (call: OperatorCall, form: URLSearchParams) => Promise<Document | Redirect>;

const CHECK_PATH = `${PATHS.operator}/check`;

const PAGES: ReadonlyMap<string, ShowPage> = new Map([
  [PATHS.operator, showOverview],
  [`${PATHS.operator}/deliveries`, showDeliveries],
  [`${PATHS.operator}/delivery`, showDelivery],
  [`${PATHS.operator}/names`, showNames],
  [`${PATHS.operator}/name`, showName],
  [DECISION_PATH, showConfirmation],
  [CHECK_PATH, showCheck],
]);

const FORMS: ReadonlyMap<string, HandleForm> = new Map([
  [DECISION_PATH, decide],
  [CHECK_PATH, runCheckPage],
]);

/** Whether a path is one of the operator's, or below them. */
export function isOperatorPath(path: string): boolean {
  return path === PATHS.operator || path.startsWith(`${PATHS.operator}/`);
}

/**
 * Answers a request for `/operator`: authenticates the operator by the assertion of Cloudflare
 * Access, then shows a page or carries out a form.
 *
 * @throws {Problem} `not_found` if OPERATOR_ACCESS is not configured: there is no page then
 */
export async function handleOperator(
  request: Request,
  { requestId, configuration, openLedger }: OperatorContext,
): Promise<Response> {
  const { access } = configuration;
  if (access === undefined) throw new Problem("not_found", "There is nothing at this path");
  const now = Date.now();
  const decision = await access.verify(request.headers, now);
  if (decision.kind === "rejected") return sendDocument(FORBIDDEN);
  if (decision.kind === "keys_unavailable") {
    const headers = { "retry-after": String(Math.ceil(decision.retryAfterMs / 1000)) };
    return sendDocument({ ...NO_KEYS, headers });
  }
  const url = new URL(request.url);
  const { user } = decision.operator;
  const call = { user, url, ledger: openLedger(), configuration, now };
  const answer = await answerOperator(request, call).catch((error: unknown) => {
    if (error instanceof Problem) throw error;
    logUnexpected(requestId, error);
    return showFault(requestId);
  });
  if ("location" in answer) return new Response(null, { status: 303, headers: { ...answer } });
  const { host } = configuration;
  return sendDocument(answer, { user, host, path: url.pathname });
}

async function answerOperator(request: Request, call: OperatorCall): Promise<Document | Redirect> {
  const { pathname } = call.url;
  const showPage = PAGES.get(pathname);
  const handleForm = FORMS.get(pathname);
  if (request.method === "GET" || request.method === "HEAD") {
    return showPage === undefined ? NOT_FOUND : showPage(call);
  }
  if (request.method !== "POST" || handleForm === undefined) {
    return showPage === undefined ? NOT_FOUND : rejectMethod(handleForm);
  }
  if (!isFormOfThisOrigin(request)) return FORGED;
  const body = new TextDecoder().decode(await readRequestBody(request));
  return handleForm(call, new URLSearchParams(body));
}

const FORBIDDEN = showMessage(
  403,
  "Sign in through Cloudflare Access",
  "This request has no valid Cloudflare Access assertion. Open the protected address. If you already did, compare OPERATOR_ACCESS with the team and the application's tag.",
);

const NO_KEYS = showMessage(
  503,
  "The keys of Cloudflare Access cannot be loaded",
  "Compare the team in OPERATOR_ACCESS, then reload the page.",
);

const FORGED = showMessage(
  403,
  "Nothing was changed",
  "The form was not sent from a page of this Worker. Decide from the overview.",
);

const NOT_FOUND = showMessage(404, "Not found", "There is nothing at this address.");

/** Names what a problem document would, so that the line of the log can be found. */
function showFault(requestId: string): Document {
  return showMessage(
    500,
    "The page could not be created",
    html`Reload it. The overview shows whether a decision was recorded. The code is <code>internal_error</code>, and the <code>request_id</code> in the log is <code>${requestId}</code>.`,
  );
}

function rejectMethod(handleForm: HandleForm | undefined): Document {
  return {
    ...showMessage(405, "Not supported", "This address does not support this method."),
    headers: { allow: handleForm === undefined ? "GET, HEAD" : "GET, HEAD, POST" },
  };
}
