import { expect, test } from "vitest";
import { WriteQueue } from "./write-queue.ts";

test("writes that are ready at the same moment are made in order, in one go", async () => {
  const writes = new WriteQueue(() => false);
  const made: string[] = [];
  const waited = ["a", "b"].map((write) =>
    writes.add(() => made.push(write)).then(() => [...made]),
  );
  expect(made).toEqual([]);
  expect(await Promise.all(waited)).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  await writes.add(() => made.push("c"));
  expect(made).toEqual(["a", "b", "c"]);
});

test("a write that fails fails only its own delivery", async () => {
  const writes = new WriteQueue(() => false);
  const made: string[] = [];
  const waited = [
    writes.add(() => made.push("before")),
    writes.add(() => {
      throw new Error("disk fault");
    }),
    writes.add(() => made.push("after")),
  ];
  expect((await Promise.allSettled(waited)).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(made).toEqual(["before", "after"]);
});

test("a write is made at once, and its failure reported, if no other write waits", async () => {
  const writes = new WriteQueue(() => true);
  const made: string[] = [];
  const first = writes.add(() => made.push("first"));
  expect(made).toEqual(["first"]);
  await first;
  const broken = writes.add(() => {
    throw new Error("disk");
  });
  await expect(broken).rejects.toThrow("disk");
});
