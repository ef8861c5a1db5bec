import type { Page } from "@playwright/test";
import { fillSignIn } from "./support/people";
import { PACED_BEGINNING } from "./support/script";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

test.use({ javaScriptEnabled: false });

test("without JavaScript one signs in, reads, writes, stops an answer, and signs out", async ({ browser, server, owner, rpc }) => {
  const id = await rpc.thread(await rpc.agent("paced", "Paced without a script"), "How do we plan the garden day?");
  await rpc.settled(id);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url, storageState: undefined });
  const page = await context.newPage();
  await page.goto(rpc.path(id));
  await expect(page, "strangers are asked who they are first").toHaveURL(/\/sign-in\?next=/);
  await fillSignIn(page, owner);
  await expect(page, "and led to where they wanted to go").toHaveURL(new RegExp(`${rpc.path(id)}$`));

  const thread = new ThreadPage(page);
  await readsMarkdown(thread);
  await thread.composer.fill("And **who** brings the bread?");
  await thread.send.click();
  await expect(page).toHaveURL(new RegExp(rpc.path(id)));
  await expect(thread.said.last()).toContainText("And who brings the bread?");
  await expect(thread.said.last().locator("strong")).toHaveText("who");
  await stopsByForm(thread);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(rpc.path(id));
  await expect(page).toHaveURL(/\/sign-in/);
  await context.close();
});

test("without JavaScript a thread is started, archived ones are found, and older messages are a link", async ({ page, rpc }) => {
  await page.goto(`/g/${rpc.slug}`);
  await page.getByRole("textbox", { name: "Message" }).fill("Started by a plain form");
  await choose(page, await rpc.agent("fast", "Counter without a script"));
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.waitForURL(/\/threads\/[0-9a-f-]+$/);
  await expect(new ThreadPage(page).said).toContainText("Started by a plain form");
  const id = new URL(page.url()).pathname.split("/").at(-1)!;
  await rpc.talk(id, Array.from({ length: 7 }, (_, number) => `More ${number}`));
  await page.goto(rpc.path(id));
  const messages = new ThreadPage(page).log.getByRole("article");
  await expect(messages).toHaveCount(10);
  await page.getByRole("link", { name: "Show earlier messages" }).click();
  await expect(messages).toHaveCount(16);

  await page.goto(`/g/${rpc.slug}/threads`);
  await page.getByLabel("Status").selectOption({ label: "Archived" });
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/status=archived/);
});

test("without JavaScript a wrong password is told at its field", async ({ browser, server, owner }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url, storageState: undefined });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await fillSignIn(page, { ...owner, password: "not the right secret" });
  await expect(page.getByText("This e-mail address and password do not fit together.")).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  expect(page.url(), "no secret stands in the address").not.toContain("secret");
  await context.close();
});

async function choose(page: Page, agent: string): Promise<void> {
  await page.reload();
  await page.getByRole("textbox", { name: "Message" }).fill("Started by a plain form");
  await page.getByRole("combobox", { name: "Agent", exact: true }).selectOption(agent);
}

async function readsMarkdown(thread: ThreadPage): Promise<void> {
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  await expect(thread.answer.getByRole("listitem")).toHaveCount(3);
  await expect(thread.answer.locator("pre code")).toContainText("def beds(width_m");
  await expect(thread.answer.locator("strong").first()).toHaveText("Tools");
}

async function stopsByForm(thread: ThreadPage): Promise<void> {
  await thread.stop.click();
  await expect(thread.page).toHaveURL(/\/threads\/[0-9a-f-]+\??$/);
  const stopped = thread.answer.getByText("Stopped", { exact: true });
  // The answer may come a moment before what was said is settled; reading again is what a person would do.
  await expect(async () => {
    await thread.page.reload();
    await expect(stopped).toBeVisible({ timeout: 1_000 });
  }).toPass();
}
