import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { ThreadPage } from "./support/thread";
import { expect, forgive, inside as test } from "./support/test";

test("what an agent was told becomes a task, which leads back to its thread and is done", async ({ page, rpc }) => {
  const clerk = await rpc.agent("tool", "Clerk of tasks", { tools: ["createTask"] });
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(clerk)));
  await thread.say("Order the beans");
  await thread.quiet();
  await page.getByRole("navigation", { name: "Group" }).getByRole("link", { name: "Tasks" }).click();
  const task = row(page, "Order the beans");
  await expect(task).toContainText("Clerk of tasks for");
  await task.getByRole("combobox", { name: /^Assignee/ }).selectOption({ index: 1 });
  await expect(notice(page, /^Given to/)).toBeVisible();
  await task.getByRole("combobox", { name: /^Status/ }).selectOption("Done");
  await expect(notice(page, "Done: “Order the beans”")).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(row(page, "Order the beans")).toBeHidden();
  await page.getByRole("combobox", { name: "Status", exact: true }).selectOption("Done");
  await expect(page).toHaveURL(/status=done/);
  await row(page, "Order the beans").getByRole("link", { name: "Open thread" }).click();
  await expect(thread.answer).toContainText("The tool answered");
});

test("a change of a task can be taken back", async ({ page, rpc }) => {
  await rpc.task("Paint the fence");
  await openTasks(page, rpc.slug);
  const priority = row(page, "Paint the fence").getByRole("combobox", { name: /^Priority/ });
  await priority.selectOption("High");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(priority).toHaveValue("medium");
  await page.reload();
  await hydrated(page);
  await expect(priority).toHaveValue("medium");
});

test("a task is written by hand, and a mistake in it loses nothing", async ({ page, rpc, complaints }) => {
  await openTasks(page, rpc.slug);
  await page.getByRole("button", { name: "New task" }).click();
  const dialog = page.getByRole("dialog", { name: "New task" });
  await dialog.getByLabel("Details").fill("With the long ladder");
  await dialog.getByRole("button", { name: "Create task" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "empty" })).toBeVisible();
  await expect(dialog.getByLabel("Details")).toHaveValue("With the long ladder");
  await dialog.getByLabel("What is to be done").fill("Clean the gutters");
  await dialog.getByLabel("Priority").selectOption("High");
  await dialog.getByRole("button", { name: "Create task" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, "Clean the gutters")).toContainText("With the long ladder");
  await page.getByRole("combobox", { name: "Priority", exact: true }).selectOption("High");
  await expect(page).toHaveURL(/priority=high/);
  await expect(row(page, "Clean the gutters")).toBeVisible();
  forgive(complaints, /422 .*create_task/);
});

async function openTasks(page: Page, slug: string): Promise<void> {
  await page.goto(`/g/${slug}/tasks`);
  await hydrated(page);
}

function row(page: Page, title: string): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
}

function notice(page: Page, text: string | RegExp): Locator {
  return page.getByRole("status").getByText(text);
}
