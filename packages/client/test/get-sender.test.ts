import { PATHS } from "@convai-secrets/protocol";
import { answerJson, serveLoopback } from "@convai-secrets/testing";
import { expect, test } from "vitest";
import { getSender } from "../src/index.ts";
import { problem } from "./answers.ts";
import { failureOf } from "./failure-of.ts";
import { CREDENTIALS } from "./fixtures.ts";

const PAGE = { id: "ci", names: ["CI_*"], existing: "update", authenticated_by: "token" };

test.each(CREDENTIALS)("getSender reads who the caller is, %s", async (_, credential) => {
  const { url, received } = await serveLoopback(answerJson(PAGE));
  expect(await getSender({ url, ...credential })).toEqual(PAGE);
  expect(received[0]).toMatchObject({ method: "GET", url: PATHS.sender, body: "" });
});

test("getSender rejects with the problem code", async () => {
  const { url } = await serveLoopback(problem(401, { code: "unauthenticated" }));
  const error = await failureOf(getSender({ url, ...CREDENTIALS[0]?.[1] } as never));
  expect(error).toMatchObject({ code: "unauthenticated", outcome: "not_applied" });
});
