import { createServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { createCertificate, type ServerAnswer, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { deliverSecret } from "../src/index.ts";
import { LOST } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { SECRET, TOKEN } from "./fixtures.ts";
import { withoutBackoff } from "./without-backoff.ts";

const options = (url: string) => ({ url, token: TOKEN, ...SECRET });

/** A loopback address where nothing listens. */
async function closedPort(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Listens with a certificate that no authority signed. */
async function serveUntrusted(): Promise<string> {
  const server = createServer(await createCertificate(), (_, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

withoutBackoff();

describe("failures in which nothing was sent", () => {
  test("a refused connection ends after 3 attempts with nothing applied", async () => {
    const error = await failureOf(deliverSecret(options(await closedPort())));
    expect(error).toMatchObject({
      code: "connection_refused",
      outcome: "not_applied",
      retryable: true,
      attempts: 3,
    });
  });

  test("a host name that does not resolve ends after 3 attempts with nothing applied", async () => {
    const error = await failureOf(deliverSecret(options("https://convai-secrets.invalid")));
    expect(error).toMatchObject({ code: "host_not_found", outcome: "not_applied", attempts: 3 });
  });

  test("an untrusted certificate ends after 1 attempt with nothing applied", async () => {
    const error = await failureOf(deliverSecret(options(await serveUntrusted())));
    expect(error).toMatchObject({
      code: "tls_failed",
      outcome: "not_applied",
      retryable: false,
      attempts: 1,
    });
  });

  test("a server without TLS at an https address ends after 1 attempt", async () => {
    const { url } = await serveLoopback((response) => response.end());
    const error = await failureOf(deliverSecret(options(url.replace("http:", "https:"))));
    expect(error).toMatchObject({ code: "tls_failed", outcome: "not_applied", attempts: 1 });
  });

  test("an earlier lost attempt keeps the outcome unknown", async () => {
    const { url } = await serveLoopback(LOST["a dropped connection"] as ServerAnswer);
    const urls = [url];
    const refused = await closedPort();
    const fetch = (_: unknown, init?: RequestInit) => globalThis.fetch(urls.pop() ?? refused, init);
    const error = await failureOf(deliverSecret({ ...options(url), fetch }));
    expect(error).toMatchObject({ code: "connection_refused", outcome: "unknown", attempts: 4 });
  });

  test("a port that fetch blocks ends after 3 attempts with nothing applied", async () => {
    const error = await failureOf(deliverSecret(options("http://127.0.0.1:1")));
    expect(error).toMatchObject({ code: "network_unreachable", outcome: "not_applied" });
  });
});
