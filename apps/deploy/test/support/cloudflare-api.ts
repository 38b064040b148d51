import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { ACCOUNT, VERSION_ID } from "./deploy-setup.ts";

/** A call of the Cloudflare API: its method and path, and its body as text. */
interface ApiCall {
  readonly call: string;
  readonly body: string;
}

/** The part of the Cloudflare API that wrangler needs to deploy a new Worker. */
export interface CloudflareApi {
  readonly url: string;
  readonly calls: readonly ApiCall[];
  /** Fails each further upload with this reason. */
  failUploads(reason: (body: string) => string): void;
}

/** Serves the API on the loopback interface. It ends with the test. */
export async function serveCloudflareApi(): Promise<CloudflareApi> {
  const calls: ApiCall[] = [];
  let describeFailure: ((body: string) => string) | undefined;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const path = (request.url ?? "").split("?")[0]?.replace(ACCOUNT.id, "ACCOUNT") ?? "";
    calls.push({ call: `${request.method} ${path}`, body });
    if (request.method !== "PUT") answerQuery(path, response);
    else if (describeFailure === undefined) succeed(response, UPLOADED);
    else fail(response, 400, 10021, describeFailure(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    failUploads(reason) {
      describeFailure = reason;
    },
  };
}

const UPLOADED = {
  id: "convai-secrets",
  tag: "tag",
  deployment_id: VERSION_ID.replaceAll("-", ""),
  startup_time_ms: 3,
};

const RESULTS: Readonly<Record<string, unknown>> = {
  "/user": { id: "user", email: "operator@example.com" },
  "/user/tokens/verify": { id: "token", status: "active" },
  "/accounts": [ACCOUNT],
  "/memberships": [{ id: "membership", account: ACCOUNT }],
  "/accounts/ACCOUNT/workers/subdomain": { subdomain: "example" },
  "/accounts/ACCOUNT/workers/workers/convai-secrets": {
    subdomain: { enabled: true, previews_enabled: false },
  },
  "/accounts/ACCOUNT/workers/scripts/convai-secrets/subdomain": {
    enabled: true,
    previews_enabled: false,
  },
};

/** Paths of a Worker that does not exist yet. */
const NOT_FOUND = /\/(services\/convai-secrets|convai-secrets\/(secrets|deployments|settings))$/;

function answerQuery(path: string, response: ServerResponse): void {
  if (NOT_FOUND.test(path)) fail(response, 404, 10007, "This Worker does not exist");
  else succeed(response, RESULTS[path] ?? {});
}

function succeed(response: ServerResponse, result: unknown): void {
  answer(response, 200, { success: true, errors: [], messages: [], result });
}

function fail(response: ServerResponse, status: number, code: number, message: string): void {
  const body = { success: false, errors: [{ code, message }], messages: [], result: null };
  answer(response, status, body);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
