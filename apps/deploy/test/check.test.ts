import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RESIDENCY_BASE_URLS } from "@convai-secrets/core";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  API_KEY,
  createDeploySetup,
  DEPLOYED_SECRETS,
  serveHealth,
} from "./support/deploy-setup.ts";

vi.setConfig({ testTimeout: 60_000 });

const INPUT = JSON.stringify({ ELEVENLABS_API_KEY: API_KEY });

test("--check after a deployment checks its address and the API key, and changes nothing", async () => {
  const { run, wrangler, upstream } = await createDeploySetup({ secrets: DEPLOYED_SECRETS });
  await run();
  const calls = await wrangler.readCalls();
  const { code, stdout, stderr } = await run(["--check", "--secrets-from-stdin"], INPUT);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^✓ configuration: http:\S+ is configured correctly\.$/m);
  expect(stdout).toContain("✓ senders: requests reach the Worker.");
  expect(stdout.match(/^✓ /gm)?.length, stdout).toBeGreaterThanOrEqual(5);
  expect(stdout).not.toContain(API_KEY);
  expect(await wrangler.readCalls()).toEqual(calls);
  expect(upstream.upstream.secrets()).toEqual([]);
});

test("--check fails for an API key without a permission", async () => {
  const { run } = await createDeploySetup();
  const args = ["--check", "--url", await serveHealth({ status: "ok" }), "--secrets-from-stdin"];
  const input = JSON.stringify({ ELEVENLABS_API_KEY: "sk_read-only" });
  const { code, stdout } = await run(args, input);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ .*convai_write/m);
});

test("--check names every host for an API key that is not known at the configured one", async () => {
  const { run } = await createDeploySetup();
  const args = ["--check", "--url", await serveHealth({ status: "ok" }), "--secrets-from-stdin"];
  const { stdout } = await run(args, JSON.stringify({ ELEVENLABS_API_KEY: "sk_unknown" }));
  const line = stdout.split("\n").find((text) => text.startsWith("? Region: "));
  for (const url of Object.values(RESIDENCY_BASE_URLS)) expect(line).toContain(new URL(url).host);
  expect(stdout).not.toContain("..");
});

test("--check reports a login page in front of the Worker", async () => {
  const server = createServer((_, response) =>
    response.writeHead(302, { location: "https://team.cloudflareaccess.com/login" }).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { run } = await createDeploySetup();
  const { code, stdout } = await run(["--check", "--url", url]);
  expect(code).toBe(1);
  expect(stdout).toContain(
    "✗ senders: a request without a credential got 302 instead of the Worker's 401. Senders must reach",
  );
});

test("--check without an API key says that it was not checked", async () => {
  const { run } = await createDeploySetup();
  const { code, stdout } = await run(["--check", "--url", await serveHealth({ status: "ok" })]);
  expect(code).toBe(0);
  expect(stdout).toContain("? API key: not checked");
});

test("--check without a known address asks for --url", async () => {
  const { run } = await createDeploySetup();
  const { code, stderr } = await run(["--check"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("Add --url https://")]);
});
