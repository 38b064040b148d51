import { randomUUID } from "node:crypto";
import { createTestSender, startTestStack } from "@convai-secrets/testing";
import type { Report, Setting } from "../suite/support/report.ts";
import { serveSuite } from "./serve-suite.ts";

/** Everything that the suite runs against, on free ports of the loopback interface. */
export interface Servers {
  readonly setting: Setting;
  /** A page that runs the suite, with every server under its own origin. */
  readonly page: string;
  /** The report that the page sends. */
  readonly pageReport: Promise<Report>;
  stop(): Promise<void>;
}

/** Starts the local upstream, the built Worker in front of it, and a server of scripted answers. */
export async function startServers(): Promise<Servers> {
  const sender = await createTestSender("runtimes", { names: ["RUN_*"] });
  const stack = await startTestStack({ senders: [sender] });
  const readOnlyKey = `local_${randomUUID()}`;
  stack.upstream.setApiKeys({
    [stack.apiKey]: ["convai_write", "convai_read"],
    [readOnlyKey]: ["convai_read"],
  });
  const server = await serveSuite({ upstream: stack.upstreamUrl, worker: stack.url });
  const { token, signingSecret } = sender;
  const common = {
    apiKey: stack.apiKey,
    readOnlyKey,
    token,
    signingSecret,
    scripted: `${server.url}/scripted`,
  };
  const behindPage = { upstream: `${server.url}/upstream`, worker: `${server.url}/worker` };
  server.setPageSetting({ ...common, ...behindPage });
  return {
    setting: { ...common, upstream: stack.upstreamUrl, worker: stack.url },
    page: `${server.url}/page.html`,
    pageReport: server.report,
    async stop() {
      await server.close();
      await stack.stop();
    },
  };
}
