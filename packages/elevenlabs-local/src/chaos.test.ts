import { expect, test } from "vitest";
import { type ChaosOptions, createChaos } from "./chaos.ts";

const REQUEST = new Request("http://127.0.0.1/v1/convai/secrets");

function meet(options: ChaosOptions, calls: number, method = "POST") {
  const chaos = createChaos(options);
  const call = { request: REQUEST, method, body: "", name: undefined };
  return Array.from({ length: calls }, () => chaos(call));
}

const rates = { storeThen502: 0.1, dropBefore: 0.2, 429: 0.3 };

test("the same seed gives the same faults, and another seed gives others", () => {
  expect(meet({ seed: 1, rates }, 50)).toEqual(meet({ seed: 1, rates }, 50));
  expect(meet({ seed: 1, rates }, 50)).not.toEqual(meet({ seed: 2, rates }, 50));
});

test("each fault occurs about as often as its rate says", () => {
  const faults = meet({ seed: 7, rates }, 10_000);
  const share = (wanted: (fault: (typeof faults)[number]) => boolean) =>
    faults.filter(wanted).length / faults.length;

  expect(share((fault) => fault?.kind === "drop")).toBeCloseTo(0.2, 1);
  expect(share((fault) => fault?.kind === "answer" && fault.status === 502)).toBeCloseTo(0.1, 1);
  expect(share((fault) => fault?.kind === "answer" && fault.status === 429)).toBeCloseTo(0.3, 1);
  expect(share((fault) => fault === undefined)).toBeCloseTo(0.4, 1);
});

test.each([
  ["storeThen502", { kind: "answer", status: 502, store: true }],
  ["storeThenDrop", { kind: "drop", store: true }],
  ["dropBefore", { kind: "drop" }],
  ["late", { kind: "answer", status: 502, store: { afterMs: 50 } }],
  ["slow", { kind: "delay", ms: 70, when: "after" }],
  [429, { kind: "answer", status: 429 }],
  ["malformed", { kind: "malformed-json", store: true }],
])("a rate of 1 always gives %s", (name, fault) => {
  const faults = meet({ seed: 3, rates: { [name]: 1 }, lateMs: 50, slowMs: 70 }, 20);
  expect(faults).toEqual(Array.from({ length: 20 }, () => fault));
});

test("updates get random faults, and reads do not", () => {
  const options = { seed: 1, rates: { dropBefore: 1 } };
  expect(meet(options, 1, "PATCH")).toEqual([{ kind: "drop" }]);
  expect(meet(options, 1, "GET")).toEqual([undefined]);
  expect(meet(options, 1, "DELETE")).toEqual([undefined]);
});
