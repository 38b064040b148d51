import { afterEach, expect, test, vi } from "vitest";
import { handleOperator, type OperatorContext } from "./handle-operator.ts";

afterEach(() => vi.restoreAllMocks());

/** A ledger whose every call fails. */
const ledger = new Proxy({}, { get: () => () => Promise.reject(new Error("canary-fault")) });

test("a fault of the program is a page with the code and the request id of the log line", async () => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const operator = { user: "ada@example.com" };
  const context = {
    requestId: "request-17",
    configuration: {
      access: { verify: async () => ({ kind: "authenticated", operator }) },
      senders: [],
      host: "api.elevenlabs.io",
    },
    openLedger: () => ledger,
  } as unknown as OperatorContext;
  const response = await handleOperator(new Request("https://worker.test/operator"), context);
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).toContain("<code>internal_error</code>");
  expect(text).toContain("<code>request-17</code>");
  expect(text).not.toContain("canary-fault");
  expect(error.mock.calls).toMatchObject([[{ event: "unexpected", request_id: "request-17" }]]);
});
