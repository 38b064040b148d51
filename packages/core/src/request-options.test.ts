import { describe, expect, expectTypeOf, test } from "vitest";
import { operationUrl } from "./operation.ts";
import { type Call, type RequestOptions, runCall } from "./request-options.ts";

const apiKey = "key";
const OPERATION = { method: "GET", path: "/v1/convai/secrets", effect: "read" } as const;

function addressOf(options: RequestOptions): Promise<string> {
  return runCall(OPERATION, options, async (call) => operationUrl(call.baseUrl, call.operation));
}

describe("runCall", () => {
  test.each([
    [undefined, "https://api.elevenlabs.io/v1/convai/secrets"],
    [
      "https://api.eu.residency.elevenlabs.io/",
      "https://api.eu.residency.elevenlabs.io/v1/convai/secrets",
    ],
    ["https://gateway.example/eleven/", "https://gateway.example/eleven/v1/convai/secrets"],
  ])("the base URL %s leads to %s", async (baseUrl, url) => {
    expect(await addressOf({ apiKey, baseUrl })).toBe(url);
  });

  test.each([
    "",
    "canary",
    "http://canary.example",
    "https://canary:canary@api.elevenlabs.io",
    "https://api.elevenlabs.io/?canary",
  ])("runCall throws a TypeError for the baseUrl %j and does not quote it", async (baseUrl) => {
    const call = addressOf({ apiKey, baseUrl });
    await expect(call).rejects.toThrow(TypeError);
    await expect(call).rejects.toThrow(/^baseUrl must /);
    await expect(call).rejects.not.toThrow("canary");
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "runCall throws a TypeError for the timeoutMs %d",
    async (timeoutMs) => {
      await expect(addressOf({ apiKey, timeoutMs })).rejects.toThrow(TypeError);
    },
  );

  test.each([1, 2 ** 31 - 1])("runCall accepts the timeoutMs %d", async (timeoutMs) => {
    await expect(addressOf({ apiKey, timeoutMs })).resolves.toBeDefined();
  });

  test("runCall ends the time limit whether the call fails or not", async () => {
    const calls: Call[] = [];
    const caller = new AbortController();
    const options = { apiKey, signal: caller.signal };
    await runCall(OPERATION, options, async (call) => calls.push(call));
    await runCall(OPERATION, options, async (call) => {
      calls.push(call);
      throw new Error("failed");
    }).catch(() => {});
    caller.abort();
    expect(calls.map(({ deadline }) => deadline.signal.aborted)).toEqual([false, false]);
  });

  test("apiKey is a string or a function", () => {
    expectTypeOf<RequestOptions["apiKey"]>().toEqualTypeOf<
      string | (() => string | Promise<string>)
    >();
  });
});
