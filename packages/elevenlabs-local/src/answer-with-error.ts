import { parseBody, readField } from "./call.ts";
import {
  briefError,
  describeStatus,
  detailedError,
  type ValidationIssue,
  validationError,
} from "./error-bodies.ts";
import type { AnswerFault } from "./fault.ts";

/** Statuses that a Response refuses to have a body with. */
const BODILESS_STATUSES = [204, 205, 304];

/** The response of an `answer` fault to a call with this body. */
export function answerWithError(fault: AnswerFault, callBody: string): Response {
  const requestId = crypto.randomUUID();
  const { status, body = createErrorBody(fault, callBody, requestId) } = fault;
  const init = { status, headers: { "x-request-id": requestId, ...fault.headers } };
  if (BODILESS_STATUSES.includes(status)) return new Response(null, init);
  return typeof body === "string" ? new Response(body, init) : Response.json(body, init);
}

function createErrorBody(
  { status, shape, code }: AnswerFault,
  callBody: string,
  requestId: string,
) {
  const description = describeStatus(status, code);
  switch (shape ?? usualShape(status)) {
    case "detailed":
      return detailedError(description, requestId);
    case "brief":
      return briefError(description.code, description.message);
    case "validation":
      return validationError([rejectValue(callBody)]);
  }
}

function usualShape(status: number) {
  if (status === 422) return "validation";
  return status === 401 ? "brief" : "detailed";
}

/** A rule that upstream might have for values; its issue echoes the value, as all of them do. */
function rejectValue(callBody: string): ValidationIssue {
  return {
    type: "value_error",
    loc: ["body", "value"],
    msg: "Value error, the value is not acceptable",
    input: readField(parseBody(callBody), "value"),
    ctx: { error: {} },
  };
}
