import { expect, test } from "vitest";
import { WriteQueue } from "./write-queue.js";

test("writes that are ready at the same moment are made in order, in one go", async () => {
  const writes = new WriteQueue();
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

test("a write that fails is told to its own delivery, and takes no other along", async () => {
  const writes = new WriteQueue();
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
