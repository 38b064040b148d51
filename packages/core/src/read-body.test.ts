import { gzipSync } from "node:zlib";
import { type ServerAnswer, serveLoopback } from "@convai-secrets/testing";
import { describe, expect, test } from "vitest";
import { readBody } from "./read-body.ts";

async function read(answer: ServerAnswer, limitBytes: number): Promise<string | undefined> {
  const { url } = await serveLoopback(answer);
  const bytes = await readBody(await fetch(url), limitBytes);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

function withLength(text: string): ServerAnswer {
  return (response) => response.setHeader("content-length", text.length).end(text);
}

function inChunks(...chunks: string[]): ServerAnswer {
  return (response) => {
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };
}

/** A response with a wrong header, which a custom `fetch` can create. */
function claiming(length: string, text: string): Response {
  return new Response(text, { headers: { "content-length": length } });
}

describe("readBody", () => {
  test.each([
    ["with a Content-Length", withLength("12345")],
    ["in chunks", inChunks("12", "34", "5")],
  ])("readBody returns a body %s that has exactly the limit", async (_, answer) => {
    expect(await read(answer, 5)).toBe("12345");
  });

  test.each([
    ["with a Content-Length", withLength("123456")],
    ["in chunks", inChunks("12", "34", "56")],
  ])("readBody returns undefined for a body %s that has one byte more", async (_, answer) => {
    expect(await read(answer, 5)).toBeUndefined();
  });

  test("readBody closes the connection of a body without end", async () => {
    const closed = Promise.withResolvers<void>();
    const answer: ServerAnswer = (response) => {
      response.on("close", closed.resolve);
      const timer = setInterval(() => response.write("x".repeat(1000)), 1);
      response.on("close", () => clearInterval(timer));
    };
    expect(await read(answer, 10_000)).toBeUndefined();
    await closed.promise;
  });

  test.each(["1", "0", "", "-1", "1, 1", "1e1", "0x1"])(
    "readBody counts the bytes that arrive if Content-Length is %j",
    async (length) => {
      expect(await readBody(claiming(length, "123456"), 5)).toBeUndefined();
    },
  );

  test("readBody counts the unpacked bytes of a compressed body", async () => {
    const bomb = gzipSync("x".repeat(100_000));
    const answer: ServerAnswer = (response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": bomb.length });
      response.end(bomb);
    };
    expect(await read(answer, 1000)).toBeUndefined();
    expect(await read(answer, 100_000)).toHaveLength(100_000);
  });

  test.each<[string, Record<string, string>]>([
    [
      "the short length of a compressed body",
      { "content-length": "10", "content-encoding": "gzip" },
    ],
    ["an empty length", { "content-length": "" }],
    ["a negative length", { "content-length": "-1" }],
    ["a length that is not decimal", { "content-length": "1e1" }],
    ["no length", {}],
  ])("readBody stops at the limit with %s", async (_, headers) => {
    let pulls = 0;
    const unpacked = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        if (pulls > 1000) controller.close();
        else controller.enqueue(new Uint8Array(100));
      },
    });
    expect(await readBody(new Response(unpacked, { headers }), 1000)).toBeUndefined();
    expect(pulls).toBeLessThan(20);
  });

  test("readBody returns no bytes for a missing body", async () => {
    expect(await readBody(new Response(null), 5)).toEqual(new Uint8Array());
  });

  test("readBody reads a request", async () => {
    const request = new Request("http://localhost", { method: "POST", body: "12345" });
    expect(await readBody(request, 5)).toHaveLength(5);
  });

  test.each([{ "content-length": "10" }, {}])(
    "readBody throws if the body breaks off, with the headers %j",
    async (headers) => {
      const answer: ServerAnswer = (response) => {
        response.writeHead(200, headers);
        response.write("123", () => response.destroy());
      };
      await expect(read(answer, 100)).rejects.toThrow();
    },
  );
});
