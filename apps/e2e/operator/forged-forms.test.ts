import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sendDelivery } from "@convai-secrets/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { launchBrowser, openPage } from "./support/browser.ts";
import { type OperatorStack, startOperatorStack } from "./support/operator-stack.ts";

let stack: OperatorStack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startOperatorStack(), launchBrowser()]);
});
afterAll(() => Promise.all([stack.stop(), browser.close()]));

async function isPaused(): Promise<boolean> {
  const { status, body } = await sendDelivery(stack, {
    sender: stack.creator,
    name: "PAUSE_PROBE",
    value: crypto.randomUUID(),
  });
  return status === 503 && body["code"] === "sender_paused";
}

/** Sends the form that pauses or resumes the sender, as a program that sets any header. */
async function sendForm(action: string, headers: Readonly<Record<string, string>>) {
  return fetch(`${stack.url}/operator/decision`, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "cf-access-jwt-assertion": await stack.access.sign(),
      ...headers,
    },
    body: new URLSearchParams({ action, senderId: stack.creator.id }).toString(),
  });
}

test.each<[string, (origin: string) => Record<string, string>]>([
  ["neither sec-fetch-site nor origin", () => ({})],
  ["no sec-fetch-site", (origin) => ({ origin })],
  ["no origin", () => ({ "sec-fetch-site": "same-origin" })],
  ["sec-fetch-site: cross-site", (origin) => ({ origin, "sec-fetch-site": "cross-site" })],
  ["sec-fetch-site: same-site", (origin) => ({ origin, "sec-fetch-site": "same-site" })],
  ["sec-fetch-site: none", (origin) => ({ origin, "sec-fetch-site": "none" })],
  ["origin: null", () => ({ origin: "null", "sec-fetch-site": "same-origin" })],
  [
    "the origin of another host",
    () => ({ origin: "https://secrets.example.com", "sec-fetch-site": "same-origin" }),
  ],
  [
    "the origin of another port",
    (origin) => ({ origin: `${origin}0`, "sec-fetch-site": "same-origin" }),
  ],
])("a form with %s is rejected and changes nothing", async (_, headers) => {
  const response = await sendForm("pause", headers(stack.url));
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("Nothing was changed");
  expect(await isPaused()).toBe(false);
});

test("a form with this Worker's origin and sec-fetch-site: same-origin is carried out", async () => {
  const headers = { origin: stack.url, "sec-fetch-site": "same-origin" };
  expect((await sendForm("pause", headers)).status).toBe(303);
  expect(await isPaused()).toBe(true);
  expect((await sendForm("resume", headers)).status).toBe(303);
  expect(await isPaused()).toBe(false);
});

test("a page of another site that sends the form in the operator's browser changes nothing", async () => {
  const attack = `<form method="post" action="${stack.access.url}/operator/decision">
<input name="action" value="pause"><input name="senderId" value="${stack.creator.id}">
<button>Win a prize</button></form>`;
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(attack);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { page } = await openPage(browser);
  // Another host name is another site.
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  await page.getByRole("button").click();
  await page.getByRole("heading", { name: "Nothing was changed" }).waitFor();
  expect(await isPaused()).toBe(false);
});

test("a page of another site cannot put the operator's page into a frame", async () => {
  const { page, complaints } = await openPage(browser);
  await page.setContent(`<iframe src="${stack.access.url}/operator"></iframe>`);
  await expect.poll(() => complaints.join("\n")).toContain("frame-ancestors");
});
