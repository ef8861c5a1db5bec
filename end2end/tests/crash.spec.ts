import type { Page } from "@playwright/test";
import { signUp } from "./support/people";
import { Rpc, textOf } from "./support/rpc";
import { PACED, PACED_BEGINNING } from "./support/script";
import type { Server } from "./support/server";
import { ThreadPage } from "./support/thread";
import { alone as test, expect, forgive } from "./support/test";

/** What a browser writes to its console while its server is away. */
const AWAY = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 50\d/;

test("a server that is killed in mid-answer loses nothing, and the open tab recovers by itself", async ({ page, own, complaints }) => {
  test.setTimeout(120_000);
  const { thread, rpc, id } = await midAnswer(page, own);
  await own.kill9();
  await expect(page.getByText("Reconnecting…")).toBeVisible({ timeout: 20_000 });
  await expect(thread.answer, "what was said stays on the screen").toContainText(PACED_BEGINNING);
  await own.up();
  await expect(page.getByText("Reconnecting…")).toBeHidden({ timeout: 30_000 });
  await expect(thread.answer.getByText(/^Interrupted/)).toBeVisible();
  await thread.quiet();

  const kept = (await rpc.settled(id)).at(-1)!;
  expect(kept.status).toBe("interrupted");
  expect(PACED.startsWith(textOf(kept)), "a beginning of the script, nothing twice").toBe(true);
  expect(textOf(kept).length).toBeGreaterThan(PACED_BEGINNING.length);
  expect(await thread.copied(thread.answer)).toBe(textOf(kept));

  await thread.answer.getByRole("button", { name: "Continue" }).click();
  await expect(thread.answers).toHaveCount(2);
  await thread.quiet();
  await expect(thread.answers.first()).toContainText(PACED_BEGINNING);
  expect(await thread.copied(thread.answer)).toBe(PACED);
  forgive(complaints, AWAY);
});

test("a server that is told to end hands the answer over as interrupted, also to a fresh page", async ({ page, own, complaints }) => {
  const { thread, rpc, id } = await midAnswer(page, own);
  await own.restart();
  await page.reload();
  await expect(thread.answer.getByText(/^Interrupted/)).toBeVisible();
  await expect(thread.answer.getByRole("button", { name: "Continue" })).toBeVisible();
  expect((await rpc.settled(id)).at(-1)?.status).toBe("interrupted");
  forgive(complaints, AWAY);
});

test("a message that is written while the server is away arrives once it is back, once", async ({ page, own, complaints }) => {
  test.setTimeout(120_000);
  await signUp(page);
  const rpc = rpcOf(page, own);
  const id = await rpc.thread(await rpc.agent("echo"));
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await own.kill9();
  await thread.say("Into the dark");
  await expect(thread.said).toContainText("Into the dark");
  await expect(page.getByText("The server cannot be reached. Trying again…")).toBeVisible();
  await own.up();
  await expect(thread.answer).toContainText("You said: Into the dark", { timeout: 40_000 });
  await expect(thread.said).toHaveCount(1);
  await expect(page.getByText("The server cannot be reached. Trying again…")).toBeHidden();
  expect((await rpc.settled(id)).map(({ role }) => role)).toEqual(["user", "assistant"]);
  forgive(complaints, AWAY);
});

async function midAnswer(page: Page, own: Server): Promise<{ thread: ThreadPage; rpc: Rpc; id: string }> {
  await signUp(page);
  const rpc = rpcOf(page, own);
  const id = await rpc.thread(await rpc.agent("paced"), "How do we plan the garden day?");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText("Tools: borrow");
  await expect(thread.log).toHaveAttribute("aria-busy", "true");
  return { thread, rpc, id };
}

function rpcOf(page: Page, own: Server): Rpc {
  return new Rpc(page.request, own.url, new URL(page.url()).pathname.split("/")[2] ?? "");
}
