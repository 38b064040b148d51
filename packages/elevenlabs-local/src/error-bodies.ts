/** One entry of a FastAPI-style 422. `input` is what the caller sent, secrets included. */
export interface ValidationIssue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Record<string, unknown>;
}

interface ErrorDescription {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/** The messages of reasons that are not the usual one of their status. */
const MESSAGES: Readonly<Record<string, string>> = {
  concurrent_limit_exceeded: "Too many concurrent requests for your subscription.",
  detected_unusual_activity: "Unusual activity detected.",
  quota_exceeded: "This request exceeds your quota.",
  system_busy: "The system is experiencing heavy traffic. Please try again later.",
};

const DESCRIPTIONS: Partial<Record<number, ErrorDescription>> = {
  400: { type: "validation_error", code: "bad_request", message: "The request is not valid." },
  401: { type: "authentication_error", code: "invalid_api_key", message: "Invalid API key" },
  403: {
    type: "authorization_error",
    code: "missing_permissions",
    message: "The API key does not have the required permissions.",
  },
  404: { type: "not_found", code: "not_found", message: "The resource was not found." },
  409: {
    type: "conflict",
    code: "already_exists",
    message: "The resource conflicts with another one.",
  },
  429: {
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    message: "You have exceeded the rate limit. Please try again later.",
  },
  503: {
    type: "service_unavailable",
    code: "service_unavailable",
    message: "The service is temporarily unavailable.",
  },
};

const SERVER_ERROR: ErrorDescription = {
  type: "internal_error",
  code: "internal_error",
  message: "An unexpected error occurred.",
};

/** The documented shape, `{detail: {type, code, message, status, request_id, param?}}`. */
export function detailedError(description: ErrorDescription, requestId: string, param?: string) {
  return {
    detail: {
      ...description,
      status: description.code,
      request_id: requestId,
      ...(param === undefined ? {} : { param }),
    },
  };
}

/** The older shape, `{detail: {status, message}}`, which invalid API keys still get. */
export function briefError(status: string, message: string) {
  return { detail: { status, message } };
}

/** The shape of 422, `{detail: [{type, loc, msg, input, ctx?}]}`. */
export function validationError(issues: readonly ValidationIssue[]) {
  return { detail: issues };
}

/** What the API says with this status, for the given reason or the usual one. */
export function describeStatus(status: number, code?: string): ErrorDescription {
  const usual = DESCRIPTIONS[status] ?? SERVER_ERROR;
  if (code === undefined) return usual;
  return { ...usual, code, message: MESSAGES[code] ?? usual.message };
}
