import { signUp, stranger } from "./support/people";
import { ThreadPage } from "./support/thread";
import { alone as test, expect } from "./support/test";
import { seen, watchAnswers } from "./support/watch";

const QUESTION = "Write three short sentences about gardens.";

/** As long as the marker of a list in Markdown, with the line before it. */
const MARKER = 4;

test("the first person signs up and gets an answer from the real local model, word by word", async ({ page }) => {
  test.skip(!process.env.GUILDHALL_MODELS, "GUILDHALL_MODELS names no folder with the local model");
  test.setTimeout(180_000);
  await signUp(page, stranger());
  await expect(page.getByText("What is on your mind?")).toBeVisible();
  await expect(page.getByText("No model can answer yet")).toBeHidden();
  await expect(page.getByText("smollm2-135m-instruct · local")).toBeVisible();

  await watchAnswers(page);
  const thread = new ThreadPage(page);
  await expect(thread.composer).toBeFocused();
  await thread.say(QUESTION);
  await page.waitForURL(/\/threads\/[0-9a-f-]+$/);
  await expect(thread.said).toContainText(QUESTION);
  await expect(thread.answer.getByRole("heading", { name: "Guide" })).toBeVisible({ timeout: 60_000 });
  await thread.quiet(120_000);

  const { lengths, told } = await seen(page);
  expect(lengths.length, "the answer was seen to grow").toBeGreaterThan(3);
  // What is measured is what is shown: "2." is text until the words after it make it the marker of a list.
  const lost = lengths.slice(1).map((length, at) => lengths[at]! - length);
  expect(Math.max(...lost), "it only ever grew").toBeLessThanOrEqual(MARKER);
  expect(lengths.at(-1)).toBe(Math.max(...lengths));
  expect(told, "screen readers are told once").toHaveLength(1);
  expect(told[0]).toMatch(/^Guide answered: \S/);
  await expect(thread.composer).toBeFocused();
  await expect(page.getByRole("heading", { level: 1, name: "Write three short sentences about gardens" })).toBeVisible();
});
