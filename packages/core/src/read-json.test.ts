import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { readJson } from "./read-json.ts";

const schema = v.object({ n: v.number() });

describe("readJson", () => {
  test("readJson returns the schema's output for any content type", async () => {
    const value = await readJson(new Response('{"n":1,"m":2}'), schema);
    expect(value).toEqual({ n: 1 });
    expectTypeOf(value).toEqualTypeOf<{ n: number } | undefined>();
  });

  test.each([
    ["another shape", '{"n":"1"}'],
    ["truncated JSON", '{"n":1'],
    ["an empty body", ""],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
    ["more than 4 MiB", `{"n":1}${" ".repeat(4 * 1024 * 1024)}`],
  ])("readJson returns undefined for %s", async (_, body) => {
    expect(await readJson(new Response(body), schema)).toBeUndefined();
  });
});
