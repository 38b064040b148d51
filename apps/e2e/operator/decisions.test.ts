import { sendDelivery } from "@convai-secrets/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createElsewhere } from "../support/create-elsewhere.ts";
import { launchBrowser, openPage } from "./support/browser.ts";
import {
  leaveUnknownOutcome,
  type OperatorStack,
  startOperatorStack,
  USER,
} from "./support/operator-stack.ts";

let stack: OperatorStack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startOperatorStack(), launchBrowser()]);
});
afterAll(() => Promise.all([stack.stop(), browser.close()]));

async function openOverview(): Promise<Page> {
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${stack.access.url}/operator`);
  return page;
}

/** Confirms a decision, and checks that it is recorded with its user and time. */
async function confirm(page: Page, recorded: string): Promise<void> {
  expect(await page.getByRole("main").textContent()).toContain(USER);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("status").getByText(`Recorded: ${recorded}.`).waitFor();
  const actions = page.getByRole("table", { name: "Recorded decisions" }).getByRole("row");
  const newest = await actions.nth(1).textContent();
  expect(newest).toContain(recorded);
  expect(newest).toContain(USER);
  expect(newest).toContain(String(new Date().getUTCFullYear()));
}

test("this is the secret: the delivery's retry is replayed with the chosen secret_id", async () => {
  const { value } = await leaveUnknownOutcome(stack, "CHOSEN", "msg_chosen");
  const own = stack.upstream.secrets().find((secret) => secret.value === value)?.secret_id ?? "";
  const page = await openOverview();
  await page.getByRole("button", { name: `This is the secret: ${own}` }).click();
  await confirm(page, "This is the secret");
  const answer = await sendDelivery(stack, { name: "CHOSEN", value, id: "msg_chosen" });
  expect([answer.status, answer.replayed, answer.body["secret_id"]]).toEqual([200, true, own]);
});

test("it was not stored: the delivery's retry is sent to ElevenLabs", async () => {
  const { value } = await leaveUnknownOutcome(stack, "LOST", "msg_lost");
  const before = stack.upstream.secrets().length;
  const page = await openOverview();
  const button = page.getByRole("button", { name: "It was not stored: delivery msg_lost" });
  await expect
    .poll(
      async () => {
        await page.goto(`${stack.access.url}/operator`);
        await button.click();
        await page.getByRole("button", { name: "Confirm" }).click();
        return page.getByRole("main").textContent();
      },
      { timeout: 30_000, interval: 1_000 },
    )
    .toContain("Recorded: It was not stored.");
  const answer = await sendDelivery(stack, { name: "LOST", value, id: "msg_lost" });
  expect(answer.status).toBe(200);
  expect(stack.upstream.secrets()).toHaveLength(before + 1);
});

test("adopt this secret: the sender's next delivery updates it and keeps its secret_id", async () => {
  const id = await createElsewhere(stack, "ADOPTED");
  const delivery = { sender: stack.updater, name: "ADOPTED", value: crypto.randomUUID() };
  expect((await sendDelivery(stack, delivery)).body["code"]).toBe("name_not_managed");
  const page = await openOverview();
  await page.getByRole("button", { name: `Adopt this secret: ${id}` }).click();
  await confirm(page, "Secret adopted");
  const answer = await sendDelivery(stack, delivery);
  expect([answer.status, answer.body["secret_id"]]).toEqual([200, id]);
});

test("a paused sender is rejected until it is resumed, by keyboard alone", async () => {
  const delivery = { sender: stack.creator, name: "PAUSED", value: crypto.randomUUID() };
  const page = await openOverview();
  const press = async (name: RegExp) => {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      const label = (await focused.getAttribute("aria-label")) ?? (await focused.textContent());
      if (name.test(label ?? "")) return page.keyboard.press("Enter");
    }
    throw new Error("The element cannot be reached by keyboard");
  };
  for (const [button, recorded, status] of [
    ["Pause", "Sender paused", 503],
    ["Resume", "Sender resumed", 200],
  ] as const) {
    await press(new RegExp(`^${button}: ${stack.creator.id}$`));
    await page.getByRole("heading", { name: `${button}?` }).waitFor();
    await press(/^Confirm/);
    await page.getByRole("status").getByText(`Recorded: ${recorded}.`).waitFor();
    expect((await sendDelivery(stack, delivery)).status).toBe(status);
  }
});

test("the confirmation of a decision changes nothing, and can be cancelled", async () => {
  const page = await openOverview();
  await page.getByRole("button", { name: `Pause: ${stack.creator.id}` }).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Senders" }).waitFor();
  expect(await page.getByRole("button", { name: `Pause: ${stack.creator.id}` }).count()).toBe(1);
});

test("a decision that does not apply any more changes nothing and says so", async () => {
  const page = await openOverview();
  const secretId = await createElsewhere(stack, "STALE");
  const fields = new URLSearchParams({ action: "adopt", name: "OTHER", secretId });
  await page.goto(`${stack.access.url}/operator/decision?${fields}`);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { name: "Nothing was changed" }).waitFor();
});

test("the check reports each part, creates nothing, and says what to do", async () => {
  const before = stack.upstream.secrets().length;
  const page = await openOverview();
  await page.getByRole("link", { name: "Check" }).click();
  await page.getByRole("button", { name: "Check now" }).click();
  await page.getByRole("status").getByText("Everything works.").waitFor();
  const faulty = { kind: "answer", status: 401, code: "missing_permissions", method: "PATCH" };
  stack.upstream.inject(faulty as never);
  await page.getByRole("button", { name: "Check now" }).click();
  await page.getByText("What to do: Give the API key the permission convai_write").waitFor();
  expect(stack.upstream.secrets()).toHaveLength(before);
});
