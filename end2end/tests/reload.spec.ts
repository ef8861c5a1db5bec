import { PACED, PACED_BEGINNING } from "./support/script";
import { textOf } from "./support/rpc";
import { hydrated } from "./support/page";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

test("an answer survives two reloads in its middle, byte for byte", async ({ page, rpc, browser, server, home }) => {
  const id = await rpc.thread(await rpc.agent("paced"), "How do we plan the garden day?");
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText(PACED_BEGINNING);
  await reload(thread);
  await expect(thread.answer).toContainText("Tools: borrow");
  await reload(thread);
  await thread.quiet();

  const stored = (await rpc.settled(id)).at(-1);
  expect(stored?.status).toBe("completed");
  expect(textOf(stored!)).toBe(PACED);
  expect(await thread.copied(thread.answer)).toBe(PACED);
  expect(await rendered(thread)).toBe(await fresh());

  /** What the server renders of the stored message, without any script. */
  async function fresh(): Promise<string> {
    const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url, storageState: home.state });
    const other = new ThreadPage(await plain.newPage());
    await other.page.goto(rpc.path(id));
    const html = await rendered(other);
    await plain.close();
    return html;
  }
});

/** Reloads while the answer is still being written, which must still be so afterwards. */
async function reload(thread: ThreadPage): Promise<void> {
  await expect(thread.log).toHaveAttribute("aria-busy", "true");
  await thread.page.reload();
  await hydrated(thread.page);
  await expect(thread.log).toHaveAttribute("aria-busy", "true");
}

function rendered(thread: ThreadPage): Promise<string> {
  const blocks = thread.answer.locator(".block");
  return blocks.evaluateAll((blocks) => blocks.map((block) => block.innerHTML).join("\n"));
}
