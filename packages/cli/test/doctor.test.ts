import {
  answerJson,
  createTestSender,
  type ServerAnswer,
  serveLoopback,
  startTestStack,
} from "@convai-secrets/testing";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "./support/run-command.ts";
import { startForTest, UNKNOWN_TOKEN } from "./support/worker.ts";

interface Check {
  readonly check: string;
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly action?: string;
}

/** The checks that failed, and the exit code. */
async function examine(env: Readonly<Record<string, string>>, ...names: string[]) {
  const { code, stdout } = await runCommand(["doctor", ...names, "--json"], { env });
  const { ok, checks }: { ok: boolean; checks: Check[] } = JSON.parse(stdout);
  return { code, ok, checks, failed: checks.filter(({ status }) => status === "failed") };
}

const at = (url: string) => ({ CONVAI_SECRETS_URL: url, CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN });

const answerHtml =
  (status: number, body: string): ServerAnswer =>
  (response) =>
    response.writeHead(status, { "content-type": "text/html" }).end(body);

test.each(["env", "tokenEnv"] as const)(
  "doctor finds nothing wrong with a working sender (%s)",
  async (which) => {
    const { [which]: env, upstream } = await startForTest({ names: ["A_*"], existing: "update" });
    const { code, ok, checks } = await examine(env, "A_1");
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(checks.map(({ check }) => check)).toEqual([
      "configuration",
      "connection",
      "worker",
      "clock",
      "credential",
      "names",
    ]);
    expect(checks.at(-1)?.message).toContain("A_*");
    expect(checks.at(-1)?.message).toContain("(update)");
    expect(upstream.received().total).toBe(0);
    const { stdout } = await runCommand(["doctor"], { env });
    expect(stdout).toMatch(/^ok {6}configuration {2}http:/);
    expect(stdout.trimEnd().split("\n")).toHaveLength(6);
  },
);

test("doctor finds names that the policy does not allow", async () => {
  const { env } = await startForTest({ names: ["A_*"] });
  const { code, failed } = await examine(env, "A_1", "B");
  expect(code).toBe(4);
  expect(failed).toMatchObject([{ check: "names", code: "name_not_allowed" }]);
});

test("doctor finds a wrong credential", async () => {
  const { stack } = await startForTest();
  const { code, failed } = await examine(at(stack.url));
  expect(code).toBe(4);
  expect(failed).toMatchObject([{ check: "credential", code: "unauthenticated" }]);
});

test("doctor finds a misconfigured Worker and prints the broken rules", async () => {
  const stack = await startTestStack({
    senders: [await createTestSender()],
    env: { SENDERS: "[]" },
  });
  onTestFinished(stack.stop);
  const { code, failed } = await examine(at(stack.url));
  expect(code).toBe(4);
  expect(failed).toMatchObject([{ check: "worker", code: "misconfigured" }]);
  expect(failed[0]?.message).toContain("SENDERS");
});

test.each([
  ["a host that does not resolve", "https://convai-secrets.invalid", "host_not_found"],
  ["a port that fetch blocks", "http://127.0.0.1:1", "network_unreachable"],
])("doctor finds %s", async (_, url, reason) => {
  const { code, failed } = await examine(at(url));
  expect(code).toBe(4);
  expect(failed).toMatchObject([{ check: "connection", code: reason }]);
  expect(failed[0]?.message).toContain(new URL(url).host);
});

test("doctor finds a refused connection", async () => {
  const { stack } = await startForTest();
  await stack.kill();
  const { failed } = await examine(at(stack.url));
  expect(failed).toMatchObject([{ check: "connection", code: "connection_refused" }]);
});

test("doctor finds a server without TLS at an https address", async () => {
  const { url } = await serveLoopback(answerJson({}));
  const { failed } = await examine(at(url.replace("http:", "https:")));
  expect(failed).toMatchObject([{ check: "connection", code: "tls_failed" }]);
});

test.each<[string, ServerAnswer, string]>([
  [
    "Cloudflare Access in front of the Worker",
    answerJson({}, 302, { location: "https://acme.cloudflareaccess.com/cdn-cgi/access/login/x" }),
    "login_page",
  ],
  ["a login page", answerHtml(200, '<form><input type="password">'), "login_page"],
  ["a redirect", answerJson({}, 301, { location: "https://www.example.com/" }), "redirected"],
  ["another product that answers 404", answerHtml(404, "<h1>Not found"), "not_the_worker"],
  ["another product that answers 200", answerJson({ status: "up" }), "not_the_worker"],
  ["a server that fails", answerHtml(522, "<h1>Timed out"), "unavailable"],
])("doctor finds %s", async (_, answer, code) => {
  const { url, received } = await serveLoopback(answer);
  const { failed } = await examine(at(url));
  expect(failed).toMatchObject([{ check: "worker", code }]);
  expect(failed[0]?.action).toBeTruthy();
  // The credential is not sent to a server that is not the Worker.
  expect(received.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test.each([
  ["behind", -400, "failed", { CONVAI_SECRETS_SIGNING_SECRET: `whsec_${"A".repeat(43)}=` }],
  ["ahead", 400, "warning", { CONVAI_SECRETS_TOKEN: UNKNOWN_TOKEN }],
  ["ahead", 90, "warning", { CONVAI_SECRETS_SIGNING_SECRET: `whsec_${"A".repeat(43)}=` }],
])("doctor finds a server whose clock is %s by %i s", async (_, seconds, status, credential) => {
  const date = new Date(Date.now() + seconds * 1000).toUTCString();
  const page = { id: "ci", names: ["*"], existing: "create", authenticated_by: "signature" };
  const { url } = await serveLoopback(
    answerJson({ status: "ok" }, 200, { date }),
    answerJson(page),
  );
  const { checks } = await examine({ CONVAI_SECRETS_URL: url, ...credential });
  const clock = checks.find(({ check }) => check === "clock");
  expect(clock).toMatchObject({ status, code: "clock_skew" });
});

test("doctor without a configuration ends with 2", async () => {
  const { code, failed } = await examine({});
  expect(code).toBe(2);
  expect(failed).toMatchObject([{ check: "configuration" }]);
});
