import { expect, test } from "vitest";
import { decodeText, removeFinalLineBreak } from "./decode-text.ts";

test("a UTF-8 byte order mark at the start is removed, and kept elsewhere", () => {
  expect(decodeText(Buffer.from("\uFEFFa\uFEFF"))).toEqual({ text: "a\uFEFF" });
});

test.each([
  ["UTF-16 with a byte order mark", Buffer.from("\uFEFFabc", "utf16le")],
  ["UTF-16 without a byte order mark", Buffer.from("abc", "utf16le")],
  ["Latin-1", Buffer.from("grün", "latin1")],
  ["NUL", Buffer.from("a\0b")],
])("%s is rejected", (_, bytes) => {
  expect(decodeText(bytes)).toEqual({ rule: expect.stringMatching(/^must /) });
});

test.each([
  ["a\n", "a"],
  ["a\r\n", "a"],
  ["a\n\n", "a\n"],
  ["a\r", "a\r"],
  ["a", "a"],
])("of %j, removeFinalLineBreak keeps %j", (text, kept) => {
  expect(removeFinalLineBreak(text)).toBe(kept);
});
