import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { readJson } from "./read-json.ts";

const schema = v.object({ n: v.number() });

describe("readJson", () => {
  test("gives what the schema makes of the body, whatever the content type says", async () => {
    const value = await readJson(new Response('{"n":1,"m":2}'), schema);
    expect(value).toEqual({ n: 1 });
    expectTypeOf(value).toEqualTypeOf<{ n: number } | undefined>();
  });

  test.each([
    ["another shape", '{"n":"1"}'],
    ["cut-off JSON", '{"n":1'],
    ["an empty body", ""],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
    ["more than 4 MiB", `{"n":1}${" ".repeat(4 * 1024 * 1024)}`],
  ])("gives undefined for %s", async (_, body) => {
    expect(await readJson(new Response(body), schema)).toBeUndefined();
  });
});
