import { ProblemDocumentSchema, parseJson } from "@convai-secrets/protocol";
import * as v from "valibot";
import { printable } from "../output/printable.ts";
import type { Check } from "./check.ts";
import type { ProbeAnswer } from "./probe.ts";

const HealthSchema = v.object({ status: v.literal("ok") });
const MisconfiguredSchema = v.object({
  code: v.literal("misconfigured"),
  errors: v.optional(ProblemDocumentSchema.entries.errors, []),
});

/** What a page of Cloudflare Access or another login contains. */
const LOGIN_PAGE = /cloudflareaccess\.com|type=["']?password|<form\b/i;

/** Judges what answers at the address: the Worker, a login page, or something else. */
export function checkWorker(answer: ProbeAnswer): Check {
  const check = "worker";
  const { status, contentType, redirectHost, text } = answer;
  const { json } = parseJson(text);
  if (status === 200 && v.is(HealthSchema, json)) {
    const message = "A convai-secrets Worker with a valid configuration";
    return { check, status: "ok", code: "ok", message };
  }
  const misconfigured = v.safeParse(MisconfiguredSchema, json);
  if (misconfigured.success) return describeMisconfigured(misconfigured.output.errors ?? []);
  if (redirectHost !== undefined && status >= 300 && status < 400) {
    return describeRedirect(redirectHost);
  }
  const isHtml = contentType.includes("html");
  if (isHtml && (status === 200 || status === 401 || status === 403) && LOGIN_PAGE.test(text)) {
    return loginPage(`A login page answers with status ${status}`);
  }
  if (status >= 500) {
    const message = `The server answers with status ${status}`;
    const action = "Try again later. If it persists, ask the operator to look at the Worker.";
    return { check, status: "failed", code: "unavailable", message, action };
  }
  return {
    check,
    status: "failed",
    code: "not_the_worker",
    message: `Another product answers with status ${status}${isHtml ? " and an HTML page" : ""}`,
    action: "Correct the address: npm run deploy prints it.",
  };
}

function loginPage(message: string): Check {
  const action =
    "Ask the operator to limit Cloudflare Access to the path /operator*: senders cannot log in.";
  return { check: "worker", status: "failed", code: "login_page", message, action };
}

function describeRedirect(host: string): Check {
  const name = printable(host);
  if (/(?:^|\.)cloudflareaccess\.com$/.test(host) || /login|auth|sso/i.test(host)) {
    return loginPage(`The address redirects to a login page at ${name}`);
  }
  return {
    check: "worker",
    status: "failed",
    code: "redirected",
    message: `The address redirects to ${name}`,
    action:
      "Use the address that it redirects to, if it is the Worker's: redirects are not followed.",
  };
}

function describeMisconfigured(
  errors: readonly { readonly path: string; readonly message: string }[],
): Check {
  const rules = errors.map(({ path, message }) => `${printable(path)} ${printable(message)}`);
  return {
    check: "worker",
    status: "failed",
    code: "misconfigured",
    message: ["The Worker's configuration is invalid", ...rules].join("; "),
    action: "Ask the operator to correct the configuration and deploy again.",
  };
}
