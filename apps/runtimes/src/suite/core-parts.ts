import {
  BaseUrlSchema,
  CreateSecretRequestSchema,
  describeIssues,
  RESIDENCY_BASE_URLS,
  readBody,
} from "@convai-secrets/core";
import * as v from "valibot";
import { check, checkEqual } from "./check.ts";
import type { Tests } from "./run.ts";

const baseUrl = (url: string) => v.safeParse(BaseUrlSchema, url);

/** A body of chunks of a kilobyte, and how many of them were read. */
function countingBody(chunks: number) {
  let read = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (read === chunks) return controller.close();
      read += 1;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  return { stream, read: () => read };
}

export const coreParts: Tests = {
  "an address is https, or loopback, and loses its last slash": () => {
    for (const url of Object.values(RESIDENCY_BASE_URLS)) checkEqual(baseUrl(url).output, url);
    checkEqual(baseUrl("http://127.0.0.1:4010/a/").output, "http://127.0.0.1:4010/a");
    checkEqual(baseUrl("http://[::1]/").output, "http://[::1]");
    for (const url of ["http://example.com", "http://localhost.example.com", "ftp://a", "x", ""]) {
      checkEqual(baseUrl(url).success, false);
    }
    for (const url of ["https://u@a", "https://a/?q", "https://a/#f"]) {
      checkEqual(baseUrl(url).success, false);
    }
  },

  "a lone surrogate has no UTF-8 form and is refused": () => {
    const request = { type: "new", name: "a", value: "\ud800" };
    const { issues = [] } = v.safeParse(CreateSecretRequestSchema, request);
    checkEqual(describeIssues(issues), [{ path: "value", rule: "must be well-formed Unicode" }]);
  },

  "issues name fields and rules, and nothing of the input": () => {
    const canary = "canary-sk_4f1d8b7c";
    const wrong = { type: canary, name: [canary], value: "v", [canary]: canary };
    const { issues = [] } = v.safeParse(CreateSecretRequestSchema, wrong);
    const described = JSON.stringify(describeIssues(issues));
    check(issues.length === 3, "there are three issues");
    check(!described.includes("canary"), "nothing of the input is told");
  },

  "a body within the limit is read whole": async () => {
    const { stream } = countingBody(3);
    checkEqual((await readBody(new Response(stream), 3 * 1024))?.byteLength, 3 * 1024);
    checkEqual((await readBody(new Response(null), 1))?.byteLength, 0);
    const request = new Request("https://example.com", { method: "POST", body: "héllo" });
    checkEqual(new TextDecoder().decode(await readBody(request, 6)), "héllo");
  },

  "a body over the limit is read no further, whatever its length is said to be": async () => {
    for (const headers of [{}, { "content-length": "100000" }, { "content-length": "-1" }]) {
      const { stream, read } = countingBody(1_000);
      const body = await readBody(new Response(stream, { headers }), 4 * 1024);
      check(body === undefined, "no body is given");
      check(read() < 100, "the rest is not read");
    }
  },
};
