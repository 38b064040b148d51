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

/** The three codes under which the API answers 429. */
export type RateLimitCode = "rate_limit_exceeded" | "concurrent_limit_exceeded" | "system_busy";

const RATE_LIMIT_MESSAGES: Record<RateLimitCode, string> = {
  rate_limit_exceeded: "You have exceeded the rate limit. Please try again later.",
  concurrent_limit_exceeded: "Too many concurrent requests for your subscription.",
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

/** The older shape, `{detail: {status, message}}`, which bad keys still get. */
export function briefError(status: string, message: string) {
  return { detail: { status, message } };
}

/** The shape of 422, `{detail: [{type, loc, msg, input, ctx?}]}`. */
export function validationError(issues: readonly ValidationIssue[]) {
  return { detail: issues };
}

/** What the API would say with this status; for a 429, under the given code. */
export function describeStatus(
  status: number,
  rateLimitCode: RateLimitCode = "rate_limit_exceeded",
): ErrorDescription {
  if (status === 429) {
    return {
      type: "rate_limit_error",
      code: rateLimitCode,
      message: RATE_LIMIT_MESSAGES[rateLimitCode],
    };
  }
  return DESCRIPTIONS[status] ?? SERVER_ERROR;
}
