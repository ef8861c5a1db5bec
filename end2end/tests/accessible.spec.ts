import { axe, hydrated } from "./support/page";
import { everyPage } from "./support/pages";
import { PACED_BEGINNING } from "./support/script";
import { ThreadPage } from "./support/thread";
import { alone, expect, forgive, inside as test } from "./support/test";

test("every page is accessible, in light and in dark", async ({ page, rpc, complaints }) => {
  test.setTimeout(240_000);
  for (const [name, path] of Object.entries(await everyPage(rpc))) {
    await test.step(name, async () => {
      await page.goto(path);
      await hydrated(page);
      await axe(page);
    });
  }
  forgive(complaints, /404 .*no-such-page/);
});

alone("the way in is accessible, on an empty server", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-up$/);
  await hydrated(page);
  await axe(page);
});

test("what opens over a page is accessible", async ({ page, rpc }) => {
  test.setTimeout(180_000);
  const agent = await rpc.agent("echo", "Echo under dialogs");
  const id = await rpc.thread(agent, "Something to search for");
  await rpc.settled(id);
  const thread = await new ThreadPage(page).open(rpc.path(id));

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Search" })).toBeVisible();
  await expect(page.getByRole("option", { name: /Something to search for/ })).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");

  await page.getByLabel("Thread menu").click();
  await axe(page);
  await page.getByLabel("Thread menu").click();
  for (const [item, dialog] of [["Rename", "Rename thread"], ["Delete", "Delete this thread?"]] as const) {
    await thread.pick(item);
    await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
    await axe(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: dialog })).toBeHidden();
  }

  await page.goto(`/g/${rpc.slug}/agents/${agent}`);
  await hydrated(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Retire", exact: true }).click();
  await axe(page);
});

test("an answer that is being written, and those that ended badly, are accessible", async ({ page, rpc }) => {
  test.setTimeout(120_000);
  for (const model of ["unavailable", "cut", "tool"]) {
    const id = await rpc.thread(await rpc.agent(model, `Ends: ${model}`), "Go on then");
    await rpc.settled(id);
    await new ThreadPage(page).open(rpc.path(id));
    await axe(page);
  }
  const id = await rpc.thread(await rpc.agent("paced", "Still at it"), "Go on then");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.say("And then?");
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  await axe(page);
});

test("the sheet of a phone is accessible", async ({ page, rpc }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/g/${rpc.slug}`);
  await hydrated(page);
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("navigation", { name: "Group" })).toBeVisible();
  await axe(page);
});
