import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

test("by keyboard alone one signs in, finds a thread, and is answered", async ({ browser, server, owner, rpc }) => {
  const id = await rpc.thread(await rpc.agent("echo", "Echo by keys"), "Where the spades are");
  await rpc.settled(id);
  const page = await browser.newPage({ baseURL: server.url, storageState: undefined });
  await page.goto("/sign-in");
  await hydrated(page);
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.keyboard.type(owner.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(owner.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/g\/[^/]+$/);

  await findInPalette(page, "spades");
  await expect(page).toHaveURL(new RegExp(`${rpc.path(id)}$`));
  const thread = new ThreadPage(page);
  // The start page has a composer, too: typing waits until the thread stands in its place.
  await expect(thread.log).toBeVisible();
  await expect(thread.composer).toBeFocused();
  await page.keyboard.type("First line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second line");
  await page.keyboard.press("Enter");
  await expect(thread.answer).toContainText("second line");
  await expect(thread.said.last()).toContainText("First line");
  await expect(thread.composer).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(thread.composer).toHaveValue("First line\nsecond line");
  await page.close();
});

test("the palette moves by arrows, says what it does not find, and gives the focus back", async ({ page, rpc }) => {
  const agent = await rpc.agent("echo", "Echo for the palette");
  for (const title of ["Palette one", "Palette two"]) await rpc.rename(await rpc.thread(agent), title);
  await page.goto(`/g/${rpc.slug}/agents`);
  await hydrated(page);
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: /^Search/ });
  await expect(field).toBeFocused();
  await page.keyboard.type("palette");
  await expect(options(page)).toHaveText([/Palette two/, /Palette one/, /Echo for the palette/]);
  await expect(options(page, { selected: true })).toHaveText(/Palette two/);
  await page.keyboard.press("ArrowDown");
  await expect(options(page, { selected: true })).toHaveText(/Palette one/);
  await field.fill("zzz nothing has this");
  await expect(page.getByText("Nothing has these words.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
  await findInPalette(page, "account");
  await expect(page).toHaveURL(/\/account$/);
});

test("keys open the list of shortcuts and a new thread, but not while one types", async ({ page, rpc }) => {
  await page.goto(`/g/${rpc.slug}/threads`);
  await hydrated(page);
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("n?");
  await expect(page.getByRole("searchbox")).toHaveValue("n?");
  await expect(help).toBeHidden();
  await page.getByRole("searchbox").evaluate((field) => field.blur());
  await page.keyboard.press("n");
  await expect(page).toHaveURL(new RegExp(`/g/${rpc.slug}$`));
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
});

test("Enter that ends a word of an input method sends nothing", async ({ page, rpc }) => {
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(await rpc.agent("echo", "Echo for IMEs"))));
  await thread.composer.fill("こんにちは");
  await thread.composer.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
  await expect(thread.composer).toHaveValue("こんにちは");
  await expect(thread.said).toHaveCount(0);
  await thread.composer.press("Enter");
  await expect(thread.answer).toContainText("You said: こんにちは");
});

test("a draft survives a reload, each thread its own", async ({ page, rpc }) => {
  const agent = await rpc.agent("echo", "Echo for drafts");
  const [one, two] = [await rpc.thread(agent), await rpc.thread(agent)];
  const thread = await new ThreadPage(page).open(rpc.path(one));
  await thread.composer.fill("Half a thought");
  await thread.open(rpc.path(two));
  await expect(thread.composer).toHaveValue("");
  await thread.open(rpc.path(one));
  await expect(thread.composer).toHaveValue("Half a thought");
});

/** Rows of the palette, and no options of a form's fields. */
function options(page: Page, about: { selected?: boolean } = {}): Locator {
  return page.getByRole("listbox", { name: "Found" }).getByRole("option", about);
}

async function findInPalette(page: Page, words: string): Promise<void> {
  await hydrated(page);
  // After a sign-in the address changes before the group's frame stands, and the keys are the frame's.
  await expect(page.getByRole("button", { name: /^Search/ })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: /^Search/ })).toBeFocused();
  await page.keyboard.type(words);
  await expect(options(page, { selected: true })).toHaveText(new RegExp(words, "i"));
  await page.keyboard.press("Enter");
}
