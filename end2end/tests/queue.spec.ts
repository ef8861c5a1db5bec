import { PACED_BEGINNING } from "./support/script";
import { textOf } from "./support/rpc";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

test("a second message waits its turn, is shown as queued, and is answered after the first", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("paced", "Paced for a queue"), "The first question");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  await thread.say("The second question");
  await expect(thread.said.last()).toContainText("The second question");
  await expect(thread.said.last().getByText("Queued", { exact: true })).toBeVisible();
  await expect(thread.said.first().getByText("Queued", { exact: true })).toBeHidden();
  await expect(thread.composer, "the composer is free for more").toHaveValue("");

  await expect(thread.answers).toHaveCount(2, { timeout: 100_000 });
  await expect(thread.log.getByText("Queued", { exact: true })).toBeHidden();
  await thread.quiet();
  await expect(thread.log.getByRole("article").getByRole("heading", { level: 2 })).toHaveText([
    "You",
    "Paced for a queue",
    "You",
    "Paced for a queue",
  ]);
  const stored = await rpc.settled(id);
  expect(stored.map(({ role, status }) => `${role} ${status}`)).toEqual([
    "user completed",
    "assistant completed",
    "user completed",
    "assistant completed",
  ]);
});

test("a queued message can be cancelled, and the running answer goes on", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("paced", "Paced for a cancel"), "The first question");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  await thread.say("Never mind this one");
  const queued = thread.said.last();
  await queued.getByRole("button", { name: "Cancel" }).click();
  await expect(queued.getByText("Queued", { exact: true })).toBeHidden();
  await expect(thread.log).toHaveAttribute("aria-busy", "true");
  await thread.quiet();
  await expect(thread.answers).toHaveCount(1);
  await expect(thread.log.getByText("This message was not answered.")).toBeVisible();
  const stored = await rpc.settled(id);
  expect(stored.filter(({ role }) => role === "assistant")).toHaveLength(1);
  expect(textOf(stored.find(({ role }) => role === "assistant")!)).toContain("lunch");
});
