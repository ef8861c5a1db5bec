import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { ThreadPage } from "./support/thread";
import { expect, forgive, inside as test } from "./support/test";

/** Long enough that what was said, and the longest answer, take more than the cap that the journey sets. */
const LONG = "beans ".repeat(500).trim();

test("an admin sets a cap that then stops a run, and the refusal says so", async ({ page, rpc }) => {
  const name = "Careful counter";
  const id = await rpc.thread(await rpc.agent("echo", name));
  await rpc.talk(id, [LONG]);

  await openBudgets(page, rpc.slug);
  await page.getByLabel("For", { exact: true }).selectOption({ label: name });
  await page.getByLabel("Cap", { exact: true }).fill("5,000");
  await page.getByLabel("Counted in").selectOption("Tokens");
  await page.getByLabel("For each").selectOption("Day");
  await page.getByRole("button", { name: "Add budget" }).click();
  const budget = row(page, `${name}’s budget for the day`);
  await expect(budget).toContainText("of 5,000 tokens");
  await expect(budget.getByRole("img")).toHaveAccessibleName(/of 5,000 tokens spent, 0 tokens reserved/);

  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.say("And now?");
  const refusal = thread.log.getByText(`This would exceed ${name}’s budget for the day`).filter({ visible: true });
  await expect(refusal).toHaveCount(1);
  await expect(refusal).toContainText("5,000 tokens");
  await expect(refusal).toContainText("It begins anew on");
  await expect(refusal).toContainText("can raise it under Usage, Budgets.");

  await openBudgets(page, rpc.slug);
  await budget.getByText("Change", { exact: true }).click();
  await budget.getByLabel("Cap in tokens").fill("100000");
  await budget.getByRole("button", { name: "Save cap" }).click();
  await expect(budget).toContainText("of 100,000 tokens");

  await thread.open(rpc.path(id));
  await thread.log.getByRole("button", { name: "Retry" }).last().click();
  await expect(thread.answer).toContainText("You said: And now?");
});

test("a mistake in a budget is told at its field, and the budget goes only once that was confirmed", async ({ page, rpc, complaints }) => {
  const name = "Forgetful counter";
  await rpc.agent("echo", name);
  await openBudgets(page, rpc.slug);
  await page.getByLabel("For", { exact: true }).selectOption({ label: name });
  await page.getByLabel("Cap", { exact: true }).fill("a lot");
  await page.getByRole("button", { name: "Add budget" }).click();
  await expect(page.getByText("Write an amount in dollars, such as 25 or 0.50.")).toBeVisible();
  await expect(page.getByLabel("For", { exact: true })).toHaveValue(/^agent:/);
  await page.getByLabel("Cap", { exact: true }).fill("12.50");
  await page.getByLabel("When it is used up").selectOption("Only warn admins");
  await page.getByRole("button", { name: "Add budget" }).click();
  const budget = row(page, `${name}’s budget for the month`);
  await expect(budget).toContainText("$0 of $12.50");
  await expect(budget).toContainText("Only warns");
  await budget.getByText("Remove", { exact: true }).click();
  await budget.getByRole("button", { name: "Remove budget" }).click();
  await expect(budget).toBeHidden();
  forgive(complaints, /422 .*add_budget/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a budget is added, changed and removed by plain forms", async ({ page, rpc }) => {
    const name = "Plain counter";
    await rpc.agent("echo", name);
    await page.goto(`/g/${rpc.slug}/usage/budgets`);
    await page.getByLabel("For", { exact: true }).selectOption({ label: name });
    await page.getByLabel("Cap", { exact: true }).fill("25");
    await page.getByRole("button", { name: "Add budget" }).click();
    const budget = row(page, `${name}’s budget for the month`);
    await expect(budget).toContainText("$0 of $25.00");
    await budget.getByText("Change", { exact: true }).click();
    await budget.getByLabel("Cap in dollars").fill("30");
    await budget.getByRole("button", { name: "Save cap" }).click();
    await expect(budget).toContainText("$0 of $30.00");
    await budget.getByText("Remove", { exact: true }).click();
    await budget.getByRole("button", { name: "Remove budget" }).click();
    await expect(budget).toHaveCount(0);
  });
});

async function openBudgets(page: Page, slug: string): Promise<void> {
  await page.goto(`/g/${slug}/usage/budgets`);
  await hydrated(page);
}

function row(page: Page, title: string): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
}
