import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Report } from "../suite/support/report.ts";
import { suiteFile } from "../suite-file.ts";
import { forward } from "./forward.ts";
import { createScriptedServer } from "./scripted-server.ts";

/** The servers that a page can reach only under its own origin. */
export interface ForwardedServers {
  readonly upstream: string;
  readonly worker: string;
}

/** A server of scripted answers and, for a browser, of everything. */
export interface SuiteServer {
  readonly url: string;
  /** The report that the page sends. */
  readonly report: Promise<Report>;
  /** Sets what the page runs the suite against. */
  setPageSetting(setting: unknown): void;
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  "page.html": "text/html; charset=utf-8",
  "suite.js": "text/javascript; charset=utf-8",
};

/** Serves on a free port of the loopback interface. */
export async function serveSuite(forwarded: ForwardedServers): Promise<SuiteServer> {
  const { promise: report, resolve: takeReport } = Promise.withResolvers<Report>();
  const answerScripted = createScriptedServer();
  let pageSetting: unknown;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, first = "", rest = ""] = /^\/([\w.]*)(.*)$/.exec(request.url ?? "") ?? [];
    if (first === "scripted") return answerScripted(rest, request, response);
    if (first === "upstream" || first === "worker") {
      return forward(forwarded[first] + rest, request, response);
    }
    const type = FILES[first];
    if (type !== undefined) {
      response.writeHead(200, { "content-type": type }).end(await readFile(suiteFile(first)));
    } else if (first === "setting") {
      response.end(JSON.stringify(pageSetting));
    } else if (first === "report" && request.method === "POST") {
      takeReport(JSON.parse(await text(request)));
      response.writeHead(204).end();
    } else {
      response.writeHead(404).end();
    }
  }

  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    report,
    setPageSetting: (setting) => {
      pageSetting = setting;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
