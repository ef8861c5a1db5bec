import type { Locator } from "@playwright/test";
import { hydrated } from "./support/page";
import { PACED_BEGINNING } from "./support/script";
import { ThreadPage } from "./support/thread";
import { expect, inside as test } from "./support/test";

for (const width of [1440, 900, 390]) {
  test(`at ${width} pixels, messages are as wide as the log while they are written, and none covers another`, async ({ page, rpc }) => {
    await page.setViewportSize({ width, height: 800 });
    const id = await rpc.thread(await rpc.agent("paced", `Paced at ${width}`), "How do we plan the garden day?");
    const thread = await new ThreadPage(page).open(rpc.path(id));
    await expect(thread.answer).toContainText(PACED_BEGINNING);
    await thread.say("And who brings the bread?");
    await expect(thread.said.last().getByText("Queued", { exact: true })).toBeVisible();
    await expect(thread.log).toHaveAttribute("aria-busy", "true");
    const boxes = await Promise.all((await thread.log.getByRole("article").all()).map(boxOf));
    for (const box of boxes) expect(box.width).toBe(boxes[0]!.width);
    for (const [at, box] of boxes.slice(1).entries()) expect(box.y).toBeGreaterThanOrEqual(boxes[at]!.y + boxes[at]!.height);
  });
}

test("in the list of threads a whole date has its room, however long the agent's name is", async ({ page, rpc }) => {
  const agent = await rpc.agent("echo", "A planner of gardens, parties, journeys & long affairs");
  await rpc.settled(await rpc.thread(agent, "How do we plan the garden day, with everybody, in one go, before the rain"));
  for (const width of [1440, 900, 700, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`/g/${rpc.slug}/threads`);
    await hydrated(page);
    const row = page.getByRole("main").getByRole("listitem").filter({ hasText: "A planner of gardens" }).first();
    expect(await row.locator("time").evaluate(holdsADate), `at ${width} pixels`).toBe(true);
  }
});

/** What an older thread shows; this one is from just now. */
function holdsADate(time: HTMLElement | SVGElement): boolean {
  time.textContent = "25 Nov 2026, 12:54 UTC";
  return time.scrollWidth <= time.clientWidth;
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error(`${element} is not on the page`);
  return box;
}
