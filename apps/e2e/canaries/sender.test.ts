import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { DeliveryError, deliverSecret, listDeliveries, type Retry } from "@convai-secrets/client";
import type { Fault } from "@convai-secrets/elevenlabs-local";
import { searchFor } from "@convai-secrets/testing";
import { afterAll, describe, expect, test } from "vitest";
import { startStack } from "../support/start-stack.ts";

const VALUE = `canary-${randomBytes(9).toString("hex")} "\\\n é🔑 <&+/%>`;
const TEXT = `canary-text-${randomBytes(9).toString("hex")}`;

const stack = await startStack({ env: { SETTLE_SECONDS: "60" } });
const { token, signingSecret } = stack.sender;
const search = searchFor({
  value: VALUE,
  text: TEXT,
  key: stack.apiKey,
  ledgerKey: stack.ledgerKey,
  token,
  signingSecret,
});
afterAll(stack.stop);

/** All that something can be made to say. */
function tell(thing: unknown): string {
  const own = Object.getOwnPropertyNames(Object(thing)).map((key) =>
    Reflect.get(Object(thing), key),
  );
  const depths = { depth: Number.POSITIVE_INFINITY, showHidden: true };
  return [inspect(thing, depths), JSON.stringify(thing), String(thing), ...own.map(String)].join(
    "\n",
  );
}

const echo = { detail: { status: VALUE, message: VALUE, request_id: TEXT, param: VALUE } };
const FAULTS: Record<string, Fault | undefined> = {
  "a stored secret": undefined,
  "the 422 that echoes the body": { kind: "answer", status: 422 },
  "a rejection that quotes everything": { kind: "answer", status: 409, body: echo },
  "a rejected API key": { kind: "answer", status: 401, body: { detail: stack.apiKey } },
  "too many requests": { kind: "answer", status: 429, headers: { "retry-after": TEXT } },
  "a failure that quotes everything": { kind: "answer", status: 500, body: VALUE },
  "a success that echoes the value as id": {
    kind: "answer",
    status: 200,
    body: { type: "stored", secret_id: VALUE, name: VALUE },
  },
  "a lost connection": { kind: "drop" },
  "a redirect": { kind: "redirect", to: `http://127.0.0.1:1/${stack.apiKey}` },
};

let count = 0;

describe.each(["signed", "with a token"])(
  "the output of the client library contains no canary: %s",
  (way) => {
    const options = () => ({
      url: stack.url,
      ...(way === "signed" ? { signingSecret } : { token }),
    });

    test.concurrent.each(Object.entries(FAULTS))(
      "the result of %s contains no canary",
      async (_, fault) => {
        count += 1;
        const name = `SENDER_${count}`;
        if (fault !== undefined) stack.upstream.inject({ ...fault, name });
        const retries: Retry[] = [];
        const outcome = await deliverSecret({
          ...options(),
          name,
          value: VALUE,
          maxAttempts: 2,
          onRetry: (retry) => retries.push(retry),
          signal: AbortSignal.timeout(1_500),
        }).catch((error: unknown) => error);
        expect(search(tell(outcome) + tell(retries))).toEqual([]);
        expect(outcome instanceof DeliveryError || "secret_id" in (outcome as object)).toBe(true);
      },
    );

    test("the error of a wrong call contains no canary", async () => {
      const wrong = [
        { name: "", value: VALUE },
        { name: VALUE, value: "" },
        { name: "A", value: [VALUE] as never },
        { name: "A", value: VALUE, id: `${TEXT}.` },
        { name: "A", value: VALUE, url: `https://${TEXT}:${TEXT}@x.test` },
        {
          name: "A",
          value: VALUE,
          signingSecret: token,
          token: signingSecret,
        } as never,
      ];
      for (const each of wrong) {
        const error = await deliverSecret({ ...options(), ...each }).catch(
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(Error);
        expect(search(tell(error))).toEqual([]);
      }
    });

    test("the list of deliveries contains no canary", async () => {
      for await (const delivery of listDeliveries(options())) {
        expect(search(tell(delivery))).toEqual([]);
      }
    });
  },
);

test("the Worker's log contains no canary", () => {
  expect(search(stack.logs())).toEqual([]);
});
