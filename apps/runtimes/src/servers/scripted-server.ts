import type { IncomingMessage, ServerResponse } from "node:http";
import type { ReceivedRequest, ScriptedAnswer } from "../suite/support/scripted-server.ts";

interface Script {
  readonly answers: readonly ScriptedAnswer[];
  readonly received: ReceivedRequest[];
}

/**
 * Gives scripted answers. `PUT /ID` sets the answers of `/ID/…`: one per request in turn, and the
 * last one to all further requests. `GET /ID` returns the requests that arrived there.
 */
export function createScriptedServer() {
  const scripts = new Map<string, Script>();
  return async (path: string, request: IncomingMessage, response: ServerResponse) => {
    const [, id = "", rest] = /^\/([\w-]+)(\/.*)?$/.exec(path) ?? [];
    const body = await readText(request);
    const script = scripts.get(id);
    const { method = "" } = request;
    if (rest === undefined && method === "PUT") {
      scripts.set(id, { answers: JSON.parse(body), received: [] });
      response.writeHead(204).end();
    } else if (rest === undefined || script === undefined) {
      writeAnswer(response, script === undefined ? { status: 404 } : { body: script.received });
    } else {
      const answer = script.answers[script.received.length] ?? script.answers.at(-1);
      const headers = request.headers as Record<string, string>;
      script.received.push({ method, path: rest, headers, body });
      writeAnswer(response, answer ?? {});
    }
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function writeAnswer(response: ServerResponse, { status = 200, headers, body }: ScriptedAnswer) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
