import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createCertificate, findClosedPort } from "@convai-secrets/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { failureOf } from "../test/failures.ts";
import { classifyConnectionFailure } from "./connection-failure.ts";
import { createSecret } from "./operations/create-secret.ts";
import { updateSecret } from "./operations/update-secret.ts";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

function closeBeforeReading(socket: Socket): void {
  socket.destroy();
}

function closeAfterReading(socket: Socket): void {
  socket.on("error", () => {}).once("data", () => socket.destroy());
}

const certificate = await createCertificate();

const fail = (properties: object) => Object.assign(new Error("failed"), properties);
const options = (baseUrl: string) => ({ apiKey: "key", baseUrl, timeoutMs: 5_000 });
const create = (baseUrl: string) =>
  createSecret({ type: "new", name: "A", value: "v" }, options(baseUrl));
const update = (baseUrl: string) =>
  updateSecret("sec_1", { type: "update", name: "A", value: "v" }, options(baseUrl));

describe("a request that was certainly not sent", () => {
  test.each([
    [
      "a refused connection",
      "connection_refused",
      async () => `http://127.0.0.1:${await findClosedPort()}`,
    ],
    ["an unknown host name", "host_not_found", async () => "https://convai-secrets.invalid"],
    [
      "an untrusted certificate",
      "tls_failed",
      async () => `https://127.0.0.1:${await listen(createTlsServer(certificate))}`,
    ],
    [
      "a server without TLS",
      "tls_failed",
      async () =>
        `https://127.0.0.1:${await listen(createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")))}`,
    ],
  ])("after %s the code is unreachable", async (_, failure, start) => {
    const url = await start();
    for (const call of [create, update]) {
      const error = await failureOf(call(url));
      expect(error).toMatchObject({ code: "unreachable", outcome: "not_applied" });
    }
    const reason = await fetch(url).catch(classifyConnectionFailure);
    expect(reason).toBe(failure);
  });
});

describe("a request that may have been sent", () => {
  test.each([
    ["a connection closed before the request", createServer(closeBeforeReading), "http"],
    ["a connection closed after the request", createServer(closeAfterReading), "http"],
    ["a TLS connection closed in the handshake", createServer(closeAfterReading), "https"],
  ])("after %s the outcome is unknown", async (_, server, scheme) => {
    const error = await failureOf(create(`${scheme}://127.0.0.1:${await listen(server)}`));
    expect(error).toMatchObject({ code: "failed", outcome: "unknown" });
  });

  test("an unreachable host during the connection attempt is network_unreachable", () => {
    const cause = fail({ code: "EHOSTUNREACH", syscall: "connect" });
    expect(classifyConnectionFailure(new TypeError("fetch failed", { cause }))).toBe(
      "network_unreachable",
    );
  });

  test.each([
    ["no error", undefined],
    ["an unreachable host on an open connection", fail({ code: "EHOSTUNREACH", syscall: "read" })],
    ["an error without a code", new TypeError("fetch failed")],
    ["a reset", fail({ code: "ECONNRESET" })],
    ["the name of an object's own method", fail({ code: "toString" })],
    ["a text about a refused connection", new Error("ECONNREFUSED: Connection refused")],
  ])("%s is not a connection failure", (_, error) => {
    expect(classifyConnectionFailure(error)).toBeUndefined();
  });
});
