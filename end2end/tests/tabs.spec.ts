import type { Page } from "@playwright/test";
import { PACED, PACED_BEGINNING, PACED_END } from "./support/script";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";
import { countStreams, openStreams } from "./support/watch";

test("two tabs follow one answer live over one stream, and a message of one appears in the other", async ({ page, rpc }) => {
  await countStreams(page);
  const id = await rpc.thread(await rpc.agent("paced", "Paced for two tabs"));
  const here = await new ThreadPage(page).open(rpc.path(id));
  const there = await new ThreadPage(await page.context().newPage()).open(rpc.path(id));
  await expect.poll(() => openStreams([here.page, there.page])).toBe(1);
  await there.say("How do we plan the garden day?");
  for (const tab of [here, there]) {
    await expect(tab.said).toContainText("How do we plan the garden day?");
    await expect(tab.answer).toContainText(PACED_BEGINNING);
    await expect(tab.log).toHaveAttribute("aria-busy", "true");
  }
  for (const tab of [here, there]) {
    await tab.page.bringToFront();
    await tab.quiet();
    await expect(tab.said).toHaveCount(1);
    await expect(tab.answers).toHaveCount(1);
    expect(await tab.copied(tab.answer)).toBe(PACED);
  }
});

test("when the leading tab is closed another one takes over, and nothing is lost", async ({ page, rpc }) => {
  await countStreams(page);
  const context = page.context();
  const agent = await rpc.agent("paced", "Paced for a change of leaders");
  const leading = await context.newPage();
  await new ThreadPage(leading).open(`/g/${rpc.slug}`);
  await expect.poll(() => openStreams([leading])).toBe(1);
  const id = await rpc.thread(agent, "How do we plan the garden day?");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  expect(await openStreams([page]), "the other tab leads").toBe(0);
  await leading.close();
  await expect.poll(() => openStreams([page])).toBe(1);
  await thread.quiet();
  await expect(thread.answer).toContainText(PACED_END);
  expect(await thread.copied(thread.answer)).toBe(PACED);
});

test("eight tabs on eight threads share one stream, and each shows its own answer", async ({ page, rpc }) => {
  test.setTimeout(180_000);
  await countStreams(page);
  const agent = await rpc.agent("echo", "Echo for eight tabs");
  const pages = [page, ...(await openPages(page, 7))];
  const tabs: ThreadPage[] = [];
  for (const [number, page] of pages.entries()) {
    const id = await rpc.thread(agent, `Tab number ${number + 1} begins`);
    tabs.push(await new ThreadPage(page).open(rpc.path(id)));
  }
  await expect.poll(() => openStreams(pages), { timeout: 30_000 }).toBe(1);
  for (const [number, tab] of tabs.entries()) await tab.say(`Hello from tab ${number + 1}`);
  for (const [number, tab] of tabs.entries()) {
    await expect(tab.answer, `tab ${number + 1}`).toContainText(`You said: Hello from tab ${number + 1}`, { timeout: 30_000 });
    await expect(tab.answers).toHaveCount(2);
  }
  await expect.poll(() => openStreams(pages)).toBe(1);
});

async function openPages(page: Page, count: number): Promise<Page[]> {
  return Promise.all(Array.from({ length: count }, () => page.context().newPage()));
}
