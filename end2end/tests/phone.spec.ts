import { fitsItsWidth, hydrated } from "./support/page";
import { everyPage } from "./support/pages";
import { ThreadPage } from "./support/thread";
import { expect, forgive, inside as test } from "./support/test";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("no page scrolls sideways on a phone", async ({ page, rpc, browser, server, complaints }) => {
  test.setTimeout(180_000);
  for (const path of Object.values(await everyPage(rpc))) {
    await page.goto(path);
    await hydrated(page);
    await fitsItsWidth(page);
  }
  const outside = await browser.newPage({ baseURL: server.url, viewport: { width: 390, height: 844 }, storageState: undefined });
  for (const path of ["/sign-in", "/sign-up"]) {
    await outside.goto(path);
    await fitsItsWidth(outside);
  }
  await outside.close();
  forgive(complaints, /404 .*no-such-page/);
});

test("on a phone the menu is a sheet that leads to threads and closes behind one", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("echo", "Echo in the pocket"), "Found in the sheet");
  await rpc.settled(id);
  await page.goto(`/g/${rpc.slug}`);
  await hydrated(page);
  const sheet = page.getByRole("navigation", { name: "Group" });
  await expect(sheet).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).tap();
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).tap();
  await sheet.getByRole("link", { name: "Found in the sheet" }).tap();
  await expect(page).toHaveURL(new RegExp(`${rpc.path(id)}$`));
  await expect(sheet).toBeHidden();
});

test("on a phone a thread is read and written in, with targets for a thumb", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("paced", "Paced in the pocket"));
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.composer, "no keyboard covers the page unasked").not.toBeFocused();
  await thread.composer.tap();
  await thread.composer.fill("How do we plan the garden day?");
  await big(thread.send);
  await thread.send.tap();
  await expect(thread.said).toContainText("How do we plan the garden day?");
  await expect(thread.stop).toBeVisible();
  await big(thread.stop);
  await thread.stop.tap();
  await expect(thread.answer.getByText("Stopped", { exact: true })).toBeVisible();
  await expect(thread.composer).toBeInViewport({ ratio: 1 });
  await big(page.getByRole("button", { name: "Menu" }));
  await big(page.getByLabel("Thread menu"));
  await fitsItsWidth(page);
});

async function big(target: ReturnType<ThreadPage["page"]["locator"]>): Promise<void> {
  const box = await target.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0), `size of ${target}`).toBeGreaterThanOrEqual(44);
}
