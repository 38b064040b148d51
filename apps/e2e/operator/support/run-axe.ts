import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** Runs axe's rules on a page: each violation with the elements that it is about. */
export async function runAxe(page: Page): Promise<Record<string, string[]>> {
  // By the debugging protocol, which the page's content security policy does not cover.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return Object.fromEntries(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]));
}
