import { searchFor, sendDelivery } from "@convai-secrets/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createElsewhere } from "../support/create-elsewhere.ts";
import { launchBrowser, openPage } from "./support/browser.ts";
import {
  leaveUnknownOutcome,
  type OperatorStack,
  startOperatorStack,
} from "./support/operator-stack.ts";
import { runAxe } from "./support/run-axe.ts";

const HOSTILE_NAME = `<img src=x onerror=alert(1)>"'&amp;`;
// A header that starts with a quotation mark would be a quoted string.
const HOSTILE_ID = `a"><script>alert(1)</script>`;

let stack: OperatorStack;
let browser: Browser;
const canaries: Record<string, string> = {};

beforeAll(async () => {
  [stack, browser] = await Promise.all([startOperatorStack(), launchBrowser()]);
  const values = ["stored", "hostile", "second"].map((name) => {
    const value = `canary-${name}-${crypto.randomUUID()}`;
    canaries[name] = value;
    return value;
  }) as [string, string, string];
  for (const delivery of [
    { sender: stack.updater, name: "DB_PASSWORD", value: values[0] },
    { name: HOSTILE_NAME, value: values[1], id: HOSTILE_ID },
    { name: "CRM_TOKEN", value: values[2], id: "msg_second" },
  ]) {
    expect((await sendDelivery(stack, delivery)).status).toBe(200);
  }
  const { value } = await leaveUnknownOutcome(stack, "STRIPE_KEY", "msg_unknown");
  canaries["unknown"] = value;
  await createElsewhere(stack, "SENTRY_DSN");
  await sendDelivery(stack, { sender: stack.updater, name: "SENTRY_DSN", value: "canary-sentry" });
  for (const _ of ["one", "two"]) await createElsewhere(stack, "QUEUE_URL");
  await sendDelivery(stack, { sender: stack.updater, name: "QUEUE_URL", value: "canary-queue" });
  Object.assign(canaries, { sentry: "canary-sentry", queue: "canary-queue" });
  for (const [index, secret] of [stack.apiKey, stack.ledgerKey].entries()) {
    canaries[`key ${index}`] = secret;
  }
  for (const { id, token, signingSecret } of stack.senders) {
    Object.assign(canaries, { [`token of ${id}`]: token, [`secret of ${id}`]: signingSecret });
  }
});
afterAll(() => Promise.all([stack.stop(), browser.close()]));

const unknown = new URLSearchParams({ senderId: "billing", deliveryId: "msg_unknown" });
const hostile = new URLSearchParams({ senderId: "billing", deliveryId: HOSTILE_ID });
const PAGES = [
  ["the overview", ""],
  ["the deliveries", "/deliveries"],
  ["the deliveries of a filter", "/deliveries?senderId=billing&state=stored&name=CRM_TOKEN"],
  ["a delivery", `/delivery?${unknown}`],
  ["a delivery with a hostile id", `/delivery?${hostile}`],
  ["the names", "/names"],
  ["a name", "/name?name=QUEUE_URL"],
  ["a hostile name", `/name?${new URLSearchParams({ name: HOSTILE_NAME })}`],
  ["a confirmation", `/decision?action=it_was_not_stored&${unknown}`],
  ["the check", "/check"],
  ["an unknown delivery", "/delivery?senderId=billing&deliveryId=other"],
] as const;

describe.each(PAGES)("%s", (_, path) => {
  test.each([
    [320, "light"],
    [1280, "dark"],
  ] as const)(
    `/operator${path}: fits ${"%i"} px, and axe reports nothing, in the %s scheme`,
    async (width, colorScheme) => {
      const { page, complaints } = await openPage(browser, {
        viewport: { width, height: 900 },
        colorScheme,
      });
      await page.goto(`${stack.access.url}/operator${path}`);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await runAxe(page)).toEqual({});
      expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
    },
  );

  test("works without JavaScript, and contains no script and no secret", async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${stack.access.url}/operator${path}`);
    expect(await page.getByRole("main").getByRole("heading").count()).toBeGreaterThan(0);
    expect(await page.locator("script, [onerror], [onload], iframe, object").count()).toBe(0);
    expect(await page.locator("main img").count()).toBe(0);
    expect(searchFor(canaries)(await page.content())).toEqual([]);
  });
});

test("the overview shows what needs a decision first, with the candidates of a fresh listing", async () => {
  const { page } = await openPage(browser);
  await page.goto(`${stack.access.url}/operator`);
  const headings = await page.getByRole("heading").allTextContents();
  expect(headings[0]).toBe("Needs a decision");
  expect(headings.slice(1, 4).sort()).toEqual(["QUEUE_URL", "SENTRY_DSN", "STRIPE_KEY"]);
  const text = await page.getByRole("main").textContent();
  for (const { name, secret_id } of stack.upstream.secrets()) {
    if (headings.includes(name)) expect(text).toContain(secret_id);
  }
});

test("the overview shows each sender with a chart of its last 24 hours", async () => {
  const { page } = await openPage(browser);
  await page.goto(`${stack.access.url}/operator`);
  const senders = page.getByRole("table", { name: "Senders" });
  expect(await senders.getByRole("row").count()).toBe(1 + stack.senders.length);
  const billing = senders.getByRole("row").filter({ hasText: "billing" });
  const chart = billing.getByRole("img", { name: /^Deliveries of the last 24 hours: 2 stored, / });
  expect(await chart.count()).toBe(1);
});

test("a delivery with a hostile id and name shows both as text", async () => {
  const { page } = await openPage(browser);
  await page.goto(`${stack.access.url}/operator/delivery?${hostile}`);
  await page.getByRole("heading", { name: `Delivery ${HOSTILE_ID}` }).waitFor();
  expect(await page.getByRole("main").textContent()).toContain(HOSTILE_NAME);
});

test("the deliveries can be filtered by sender, state and name", async () => {
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${stack.access.url}/operator/deliveries`);
  await page.getByLabel("Sender").selectOption("billing");
  await page.getByLabel("State").selectOption("stored");
  await page.getByLabel("Exact name").fill("CRM_TOKEN");
  await page.getByRole("button", { name: "Filter" }).click();
  const rows = page.getByRole("table").getByRole("row");
  expect(await rows.count()).toBe(2);
  await rows.getByRole("link", { name: "msg_second" }).click();
  await page.getByRole("heading", { name: "Delivery msg_second" }).waitFor();
});

test("the content security policy blocks a script that an attacker managed to insert", async () => {
  const { page, complaints } = await openPage(browser);
  await page.goto(`${stack.access.url}/operator`);
  await page.evaluate(`{
    const script = document.createElement("script");
    script.textContent = "document.title = 'attacked'";
    document.body.append(script);
  }`);
  expect(await page.title()).toBe("Overview · convai-secrets");
  expect(complaints.join("\n")).toContain("Content Security Policy");
});
