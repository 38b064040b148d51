import { DERIVED_ID_PREFIX, HEADERS } from "@convai-secrets/protocol";
import { answerJson, type ServerAnswer, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { deliverSecret, dryRunDelivery } from "../src/index.ts";
import { LOST, problem, stored } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { CREDENTIALS, SECRET } from "./fixtures.ts";
import { withoutBackoff } from "./without-backoff.ts";

withoutBackoff();

const superseded = problem(409, { code: "superseded", outcome: "not_applied", retryable: false });

const idOf = ({ headers }: { headers: Record<string, unknown> }) =>
  String(headers[HEADERS.webhookId] ?? headers[HEADERS.idempotencyKey] ?? "");

describe.each(CREDENTIALS)("a superseded delivery %s", (_, credential) => {
  test("a superseded first attempt under a derived id is sent again under a new id", async () => {
    const { url, received } = await serveLoopback(superseded, stored);
    const delivered = await deliverSecret({ url, ...credential, ...SECRET });
    const [first = "", second = ""] = received.map(idOf);
    expect(first.startsWith(credential.signingSecret ? DERIVED_ID_PREFIX : "")).toBe(true);
    expect(second).toMatch(/^"?msg_[0-9a-f-]{36}"?$/);
    expect(delivered).toMatchObject({ id: second.replaceAll('"', ""), attempts: 2 });
  });

  test("a superseded delivery under the caller's id is an error", async () => {
    const { url, received } = await serveLoopback(superseded, stored);
    const error = await failureOf(deliverSecret({ url, ...credential, ...SECRET, id: "own" }));
    expect(error).toMatchObject({ code: "superseded", outcome: "not_applied" });
    expect(received).toHaveLength(1);
  });

  test("a superseded retry is an error: it may be a late one", async () => {
    const { url, received } = await serveLoopback(
      LOST["a dropped connection"] as ServerAnswer,
      superseded,
    );
    const error = await failureOf(deliverSecret({ url, ...credential, ...SECRET }));
    expect(error).toMatchObject({ code: "superseded", outcome: "not_applied", attempts: 2 });
    expect(received).toHaveLength(2);
  });

  test("a second superseded answer is an error", async () => {
    const { url, received } = await serveLoopback(superseded, superseded);
    const error = await failureOf(deliverSecret({ url, ...credential, ...SECRET }));
    expect(error.code).toBe("superseded");
    expect(received).toHaveLength(2);
  });
});

describe.each(CREDENTIALS)("request options %s", (_, credential) => {
  test("a dry run sends its header and returns what would happen", async () => {
    const answer = { type: "dry_run", would: "update", secret_id: "sec_1" };
    const { url, received } = await serveLoopback(answerJson(answer));
    expect(await dryRunDelivery({ url, ...credential, ...SECRET })).toEqual(answer);
    expect(received[0]?.headers[HEADERS.dryRun]).toBe("true");
  });

  test("a secretId sends an update of that secret", async () => {
    const { url, received } = await serveLoopback(stored);
    await deliverSecret({ url, ...credential, ...SECRET, secretId: "sec_1" });
    expect(received[0]).toMatchObject({ method: "PATCH", url: "/v1/convai/secrets/sec_1" });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({ type: "update", ...SECRET });
  });

  test("existing: reject is sent as a header", async () => {
    const { url, received } = await serveLoopback(stored, stored);
    await deliverSecret({ url, ...credential, ...SECRET, existing: "reject" });
    await deliverSecret({ url, ...credential, ...SECRET });
    expect(received.map(({ headers }) => headers[HEADERS.existing])).toEqual(["reject", undefined]);
  });
});
