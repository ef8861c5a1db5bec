import type { Page } from "@playwright/test";
import { type Rpc, textOf } from "./support/rpc";
import { PACED, PACED_BEGINNING } from "./support/script";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

for (const way of ["Escape", "the Stop button"]) {
  test(`${way} stops an answer and keeps what was said`, async ({ page, rpc }) => {
    const thread = await started(page, rpc, way);
    if (way === "Escape") await page.keyboard.press("Escape");
    else await thread.stop.click();
    await expect(thread.answer.getByText("Stopped", { exact: true })).toBeVisible();
    await expect(thread.stop).toBeHidden();
    await expect(thread.send).toBeVisible();
    await expect(thread.answer).toContainText(PACED_BEGINNING);
    await keptWhatWasSaid(thread, rpc);
  });
}

test("Continue goes on below, and Retry answers anew", async ({ page, rpc }) => {
  const thread = await started(page, rpc, "Continue");
  await thread.stop.click();
  const stopped = thread.answers.first();
  await expect(stopped.getByText("Stopped", { exact: true })).toBeVisible();
  await stopped.getByRole("button", { name: "Continue" }).click();
  await expect(thread.answers).toHaveCount(2);
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  await expect(stopped, "the first part stays").toContainText(PACED_BEGINNING);
  await expect(stopped.getByRole("button", { name: "Continue" })).toBeHidden();

  await page.keyboard.press("Escape");
  await expect(thread.answer.getByText("Stopped", { exact: true })).toBeVisible();
  await thread.answer.getByRole("button", { name: "Retry" }).click();
  await expect(thread.answers).toHaveCount(3);
  await thread.quiet();
  expect(await thread.copied(thread.answer)).toBe(PACED);
});

test("an answer that was complete can be asked for again", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("fast", "Counter"), "Count.");
  await rpc.settled(id);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.answer.hover();
  await thread.answer.getByRole("button", { name: "Retry" }).click();
  await expect(thread.answers).toHaveCount(2);
  await thread.quiet();
  await expect(thread.answer).toContainText("99 100");
});

async function started(page: Page, rpc: Rpc, title: string): Promise<ThreadPage> {
  const id = await rpc.thread(await rpc.agent("paced", `Paced: ${title}`), `How do we plan the garden day? (${title})`);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  return thread;
}

/** The stored text is a true beginning of the script, and the very text that the page holds. */
async function keptWhatWasSaid(thread: ThreadPage, rpc: Rpc): Promise<void> {
  const id = thread.page.url().split("/").at(-1)!;
  const stored = (await rpc.settled(id)).at(-1)!;
  expect(stored.status).toBe("stopped");
  expect(PACED.startsWith(textOf(stored)), "a beginning of the script").toBe(true);
  expect(textOf(stored).length).toBeLessThan(PACED.length);
  expect(await thread.copied(thread.answer)).toBe(textOf(stored));
}
