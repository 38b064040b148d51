import {
  BaseUrlSchema,
  CreateSecretRequestSchema,
  RESIDENCY_BASE_URLS,
} from "@convai-secrets/core";
import { describeIssues, readBody } from "@convai-secrets/core/internal";
import QUnit from "qunit";
import * as v from "valibot";

const parseBaseUrl = (url: string) => v.safeParse(BaseUrlSchema, url);

/** A body of chunks of 1 KiB, with the number of those that were read. */
function countChunks(chunks: number) {
  let count = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (count === chunks) return controller.close();
      count += 1;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  return { stream, count: () => count };
}

QUnit.module("core schemas and bodies");

QUnit.test("a base URL is https or loopback, and loses its last slash", (assert) => {
  for (const url of Object.values(RESIDENCY_BASE_URLS)) {
    assert.equal(parseBaseUrl(url).output, url);
  }
  assert.equal(parseBaseUrl("http://127.0.0.1:4010/a/").output, "http://127.0.0.1:4010/a");
  assert.equal(parseBaseUrl("http://[::1]/").output, "http://[::1]");
  for (const url of ["http://example.com", "http://localhost.example.com", "ftp://a", "x", ""]) {
    assert.false(parseBaseUrl(url).success, url);
  }
  for (const url of ["https://u@a", "https://a/?q", "https://a/#f"]) {
    assert.false(parseBaseUrl(url).success, url);
  }
});

QUnit.test("a value with a lone surrogate is rejected", (assert) => {
  const request = { type: "new", name: "a", value: "\ud800" };
  const { issues = [] } = v.safeParse(CreateSecretRequestSchema, request);
  assert.propContains(describeIssues(issues)[0], { path: "value" });
});

QUnit.test("issues name fields and rules and contain nothing of the input", (assert) => {
  const canary = "canary-sk_4f1d8b7c";
  const wrong = { type: canary, name: [canary], value: "v", [canary]: canary };
  const { issues = [] } = v.safeParse(CreateSecretRequestSchema, wrong);
  assert.equal(issues.length, 3);
  assert.false(JSON.stringify(describeIssues(issues)).includes("canary"));
});

QUnit.test("a body within the limit is read completely", async (assert) => {
  const { stream } = countChunks(3);
  assert.equal((await readBody(new Response(stream), 3 * 1024))?.byteLength, 3 * 1024);
  assert.equal((await readBody(new Response(null), 1))?.byteLength, 0);
  const request = new Request("https://example.com", { method: "POST", body: "héllo" });
  assert.equal(new TextDecoder().decode(await readBody(request, 6)), "héllo");
});

QUnit.test("reading stops at the limit, whatever Content-Length says", async (assert) => {
  for (const headers of [{}, { "content-length": "100000" }, { "content-length": "-1" }]) {
    const { stream, count } = countChunks(1_000);
    assert.equal(await readBody(new Response(stream, { headers }), 4 * 1024), undefined);
    assert.true(count() < 100);
  }
});
