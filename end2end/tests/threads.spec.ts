import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

test("a thread gets another name, which every place that shows it takes over", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("echo", "Echo to rename"), "A name to be changed");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.pick("Rename");
  const dialog = page.getByRole("dialog", { name: "Rename thread" });
  await expect(dialog.getByLabel("Title")).toHaveValue("A name to be changed");
  await dialog.getByLabel("Title").fill("   ");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await expect(dialog.getByRole("alert")).not.toBeEmpty();
  await dialog.getByLabel("Title").fill("The autumn fair");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The autumn fair");
  await expect(page).toHaveTitle(/The autumn fair/);
  await expect(sidebar(page).getByRole("link", { name: "The autumn fair" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The autumn fair");
});

test("an archived thread leaves the lists, takes no message, and comes back", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("echo", "Echo to archive"), "Soon to be archived");
  await rpc.settled(id);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.pick("Archive");
  await expect(page.getByText("This thread is archived. Restore it to go on.")).toBeVisible();
  await expect(thread.composer).toBeHidden();
  await expect(sidebar(page).getByRole("link", { name: "Soon to be archived" })).toBeHidden();

  await page.goto(`/g/${rpc.slug}/threads?status=archived`);
  await hydrated(page);
  await page.getByRole("button", { name: "Restore “Soon to be archived”" }).click();
  await expect(row(page, "Soon to be archived")).toBeHidden();
  await expect(page.getByRole("status").getByText("Restored “Soon to be archived”")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Soon to be archived")).toBeVisible();

  await thread.open(rpc.path(id));
  await page.getByRole("button", { name: "Restore", exact: true }).filter({ visible: true }).click();
  await thread.say("Here again");
  await expect(thread.answer).toContainText("You said: Here again");
});

test("archiving in the list can be undone", async ({ page, rpc }) => {
  await rpc.settled(await rpc.thread(await rpc.agent("echo", "Echo for the list"), "Archived by mistake"));
  await openList(page, rpc.slug);
  await page.getByRole("button", { name: "Archive “Archived by mistake”" }).click();
  await expect(row(page, "Archived by mistake")).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Archived by mistake")).toBeVisible();
});

test("deleting a thread asks first, and then it is gone for good", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("echo", "Echo to delete"), "Not long for this world");
  await rpc.settled(id);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.pick("Delete");
  const dialog = page.getByRole("dialog", { name: "Delete this thread?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(thread.composer).toBeVisible();
  await thread.pick("Delete");
  await dialog.getByRole("button", { name: "Delete thread" }).click();
  await page.waitForURL(/\/threads$/);
  await expect(row(page, "Not long for this world")).toBeHidden();
  await expect(sidebar(page).getByRole("link", { name: "Not long for this world" })).toBeHidden();
  expect((await page.request.get(rpc.path(id))).status()).toBe(404);
});

test("the list is filtered by title, agent and status, and the filter stands in the address", async ({ page, rpc }) => {
  const [beans, soup] = [await rpc.agent("echo", "Gardener"), await rpc.agent("echo", "Cook")];
  await rpc.settled(await rpc.thread(beans, "Runner beans in May"));
  await rpc.settled(await rpc.thread(soup, "Runner bean soup"));
  await openList(page, rpc.slug);
  await page.getByRole("searchbox").fill("bean runner");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(/q=bean/);
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("combobox", { name: "Agent", exact: true }).selectOption({ label: "Cook" });
  await expect(page).toHaveURL(/agent=/);
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, "Runner bean soup")).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(rows(page)).toHaveCount(1);
  await page.getByLabel("Status").selectOption({ label: "Archived" });
  await expect(page.getByRole("heading", { name: "No thread matches" })).toBeVisible();
  await page.goBack();
  await expect(row(page, "Runner bean soup")).toBeVisible();
});

test("forty threads come in pages, none twice and none left out", async ({ page, rpc }) => {
  test.setTimeout(120_000);
  const agent = await rpc.agent("fast", "Maker of many");
  const names = Array.from({ length: 40 }, (_, number) => `Leaf ${String(number + 1).padStart(2, "0")}`);
  for (const name of names) await rpc.rename(await rpc.thread(agent), name);
  await openList(page, rpc.slug, "?q=leaf");
  await expect(rows(page)).toHaveCount(30);
  await page.getByRole("link", { name: "Show more" }).click();
  await expect(rows(page)).toHaveCount(40);
  await expect(page.getByRole("link", { name: "Show more" })).toBeHidden();
  const shown = await rows(page).getByRole("link").allInnerTexts();
  const titles = shown.map((text) => /Leaf \d\d/.exec(text)?.[0]);
  expect(titles).toEqual([...names].reverse());
});

test("older messages load while one scrolls up, and what one reads does not jump", async ({ page, rpc }) => {
  test.setTimeout(180_000);
  const id = await rpc.thread(await rpc.agent("fast", "Counter of many"));
  await rpc.talk(id, Array.from({ length: 18 }, (_, number) => `Message number ${number + 1}`));
  const thread = await new ThreadPage(page).open(rpc.path(id));
  const messages = thread.log.getByRole("article");
  await expect(messages).toHaveCount(10);
  await expect(messages.last()).toBeInViewport();
  const first = messages.first();
  const mark = page.locator(`#${await first.getAttribute("id")}`);
  await scrollInto(thread.log, mark);
  await expect.poll(() => messages.count()).toBeGreaterThan(10);
  await expect.poll(() => topOf(mark), "the message that was first stays where it was").toBeLessThan(2);
  expect(await topOf(mark)).toBeGreaterThan(-2);

  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  await expect(async () => {
    await thread.log.evaluate((log) => log.scrollTo({ top: -log.scrollHeight }));
    await expect(messages).toHaveCount(36, { timeout: 2_000 });
  }).toPass();
  await expect(thread.said.first()).toContainText("Message number 1");
  await expect(thread.log.getByRole("link", { name: /earlier/i })).toBeHidden();
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(messages.last()).toBeInViewport();
});

test("whoever reads further up is left alone by what arrives, and finds the way down", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("fast", "Counter before"));
  await rpc.talk(id, ["One", "Two", "Three", "Four"]);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  const mark = thread.said.nth(1);
  await scrollInto(thread.log, mark);
  await rpc.send(id, "While you read");
  await expect(thread.said.last()).toContainText("While you read");
  await expect(thread.answers).toHaveCount(5);
  await thread.quiet();
  expect(Math.abs(await topOf(mark))).toBeLessThan(2);
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(thread.answer).toBeInViewport();
  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeHidden();
});

function sidebar(page: Page): Locator {
  return page.getByRole("navigation", { name: "Group" });
}

function rows(page: Page): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("link") });
}

function row(page: Page, title: string): Locator {
  return rows(page).filter({ hasText: title });
}

async function openList(page: Page, slug: string, query = ""): Promise<void> {
  await page.goto(`/g/${slug}/threads${query}`);
  await hydrated(page);
}

/** Scrolls the log so that the message stands at its upper edge, as a wheel would: the log hears of it. */
async function scrollInto(log: Locator, message: Locator): Promise<void> {
  const distance = await topOf(message);
  await log.evaluate((log, distance) => log.scrollBy({ top: distance }), distance);
}

/** How far below the log's upper edge a message stands. */
function topOf(message: Locator): Promise<number> {
  return message.evaluate((message) => {
    const log = message.closest("[role=log]")!;
    return message.getBoundingClientRect().top - log.getBoundingClientRect().top;
  });
}
