import type { Browser, Locator, Page } from "@playwright/test";
import { axe, fitsItsWidth, hydrated } from "./support/page";
import type { Rpc, Toolset } from "./support/rpc";
import { ThreadPage } from "./support/thread";
import { seen, watchAnswers } from "./support/watch";
import { expect, inside as test } from "./support/test";

const TASKS: Toolset = { tools: ["createTask"] };
const ASKING: Toolset = { ...TASKS, ask_first: [{ tool: "createTask" }] };

test("an agent is given a tool by clicking, calls it, and the card opens to input and output", async ({ page, rpc }) => {
  await openAgent(page, rpc, await rpc.agent("tool", "Clerk"));
  await expect(page.getByRole("checkbox", { name: "Call human" })).not.toBeChecked();
  await page.getByRole("checkbox", { name: "Create task" }).check();
  await expect(page.getByLabel("Create task runs")).toHaveValue("never");
  await save(page, 2);
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("checkbox", { name: "Create task" })).toBeChecked();

  await page.getByRole("button", { name: "Start thread" }).click();
  await page.waitForURL(/\/threads\/[0-9a-f-]+$/);
  const thread = new ThreadPage(page);
  await thread.say("Water the beans");
  const card = thread.card("Create task");
  await expect(card).toContainText("Water the beans");
  await expect(card).toContainText(/Done · (under 0\.1|[\d.]+) s/);
  await expect(thread.answer).toContainText("The tool answered:");
  await expect(card.getByRole("group", { name: "Input" })).toBeHidden();
  await card.getByText("Create task").click();
  await expect(card.getByRole("group", { name: "Input" })).toContainText('"title": "Water the beans"');
  await expect(card.getByRole("group", { name: "Output" })).toContainText('"status": "open"');
});

test("a tool that asks first waits, survives a reload, is approved, and the answer comes", async ({ page, rpc }) => {
  const agent = await rpc.agent("tool", "Careful clerk", TASKS);
  await openAgent(page, rpc, agent);
  await page.getByLabel("Create task runs").selectOption({ label: "Asks first" });
  await save(page, 2);
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(agent)));
  await watchAnswers(page);
  await thread.say("Order new spades");
  const approval = thread.approval("Create task");
  await expect(approval).toContainText("Careful clerk asks before it runs Create task");
  await expect(approval.getByRole("group", { name: "Title" })).toHaveText("Order new spades");
  await expect(approval.getByRole("group", { name: "Priority" })).toHaveText("low");
  await expect(approval.getByText(/^Until .* left$/)).toBeVisible();
  await expect(page.getByText("Waiting for your approval", { exact: true })).toBeVisible();
  await expect(thread.composer, "the keyboard stays where it was").toBeFocused();
  await expect(thread.stop).toBeVisible();
  await expect.poll(async () => (await seen(page)).told).toContain("Your approval is asked for: Create task. Order new spades");

  await page.reload();
  await hydrated(page);
  await approval.getByLabel("Reason").fill("We need them");
  await approval.getByLabel("Reason").press("Enter");
  await expect(approval, "Enter in the reason decides nothing").toBeVisible();
  await approval.getByRole("button", { name: "Approve" }).click();
  await expect(approval).toBeHidden();
  await expect(thread.card("Create task")).toContainText(/Approved by Ada \d+ · just now/);
  await expect(thread.card("Create task")).toContainText("We need them");
  await expect(thread.answer).toContainText("The tool answered:");
  await thread.quiet();
  await expect(page.getByText("Waiting for your approval", { exact: true })).toBeHidden();
});

test("a denied call is not made, and the agent hears the reason", async ({ page, rpc }) => {
  const thread = await asked(page, rpc, "Denied clerk", "Sell the shed");
  const approval = thread.approval("Create task");
  await approval.getByLabel("Reason").fill("We still need it");
  await approval.getByRole("button", { name: "Deny" }).click();
  const card = thread.card("Create task");
  await expect(card).toContainText("Denied");
  await expect(card).toContainText(/Denied by Ada \d+ · just now/);
  await expect(card).toContainText("We still need it");
  await expect(thread.answer).toContainText("Their reason: We still need it");
});

test("a tool may ask only when a field of its input says so", async ({ page, rpc }) => {
  const agent = await rpc.agent("tool", "Choosy clerk", TASKS);
  await openAgent(page, rpc, agent);
  await page.getByLabel("Create task runs").selectOption({ label: "Asks first when …" });
  await page.getByRole("button", { name: "Save agent" }).click();
  await expect(page.getByText("Name the field of the input, and the value that it must have.")).toBeVisible();
  await page.getByLabel("Create task: field of the input").fill("priority");
  await page.getByLabel("Create task: value of the field").fill("low");
  await save(page, 2);
  await page.reload();
  await hydrated(page);
  await expect(page.getByLabel("Create task runs")).toHaveValue("when");
  await expect(page.getByLabel("Create task: field of the input")).toHaveValue("priority");
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(agent, "Sweep the path")));
  await expect(thread.approval("Create task")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(thread.card("Create task")).toContainText("Stopped");
  await expect(thread.approval("Create task")).toBeHidden();
});

test("another tab sees the decision; one that missed it is told that it comes too late", async ({ browser, server, home, page, rpc }) => {
  const thread = await asked(page, rpc, "Clerk of two tabs", "Paint the fence");
  const tab = await new ThreadPage(await page.context().newPage()).open(page.url());
  // Tabs of one browser tell each other, so the one that misses it is another browser.
  const cutOff = await browser.newPage({ baseURL: server.url, storageState: home.state });
  await cutOff.route(/\/live(\?|$)/, (route) => route.abort());
  const late = await new ThreadPage(cutOff).open(page.url());
  await expect(tab.approval("Create task")).toBeVisible();
  await expect(late.approval("Create task")).toBeVisible();
  await thread.approval("Create task").getByRole("button", { name: "Approve" }).click();
  await expect(tab.card("Create task")).toContainText(/Approved by Ada \d+/);
  await expect(tab.approval("Create task")).toBeHidden();
  await late.approval("Create task").getByRole("button", { name: "Deny" }).click();
  await expect(late.card("Create task").getByRole("alert")).toHaveText(/^This was approved by Ada \d+ already\.$/);
  await cutOff.context().close();
});

test("without JavaScript a call is approved", async ({ browser, server, home, page, rpc }) => {
  await asked(page, rpc, "Plain clerk", "Mend the gate");
  const path = new URL(page.url()).pathname;
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url, storageState: home.state });
  const plain = new ThreadPage(await context.newPage());
  await plain.page.goto(path);
  await plain.approval("Create task").getByLabel("Reason").fill("By hand");
  await plain.approval("Create task").getByRole("button", { name: "Approve" }).click();
  await expect(plain.page).toHaveURL(new RegExp(path));
  await expect(plain.approval("Create task")).toBeHidden();
  await rpc.settled(path.split("/").at(-1)!);
  await plain.page.goto(path);
  await expect(plain.card("Create task")).toContainText(/Approved by Ada \d+ · .*By hand/);
  await expect(plain.answer).toContainText("The tool answered:");
  await context.close();
});

test("where a person was asked to help, the thread says so, and one can go on writing", async ({ page, rpc }) => {
  const agent = await rpc.agent("tool", "Modest clerk", { tools: ["callHuman"] });
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(agent)));
  await thread.say("This is beyond you");
  const banner = page.getByRole("status").filter({ hasText: "A person was asked to help" });
  await expect(banner).toContainText("This is beyond you");
  await expect(thread.composer).toBeEnabled();
  await page.reload();
  await expect(banner).toContainText("This is beyond you");
});

test("an agent at its limit of steps is let go on", async ({ page, rpc }) => {
  const agent = await rpc.agent("tool", "Short-winded clerk", { ...TASKS, limits: { steps: 1 } });
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(agent, "Count the chairs")));
  await expect(thread.answer).toContainText("The agent reached its limit of steps for one turn.");
  await thread.answer.getByRole("button", { name: "Continue" }).click();
  await expect(thread.answers).toHaveCount(2);
});

test("cards, approvals and the choice of tools are accessible", async ({ page, rpc }) => {
  test.setTimeout(240_000);
  const thread = await asked(page, rpc, "Clerk for everybody", "Open the gate");
  await axe(page);
  await thread.approval("Create task").getByRole("button", { name: "Deny" }).click();
  await thread.quiet();
  await thread.card("Create task").getByText("Create task").first().click();
  await axe(page);
  const agent = await rpc.agent("tool", "Clerk with rules", { tools: ["createTask", "callHuman"], ask_first: [RULE] });
  await openAgent(page, rpc, agent);
  await axe(page);
  const helped = await rpc.thread(await rpc.agent("tool", "Clerk in need", { tools: ["callHuman"] }), "Help");
  await rpc.settled(helped);
  await new ThreadPage(page).open(rpc.path(helped));
  await axe(page);
});

test("on a phone an approval fits, and is decided with a thumb", async ({ browser, server, home, rpc }) => {
  const page = await phone(browser, { baseURL: server.url, storageState: home.state });
  const text = `Carry the ${"Donaudampfschifffahrt".repeat(6)} to the harbour`;
  const thread = await asked(page, rpc, "Clerk in the pocket", text);
  const approval = thread.approval("Create task");
  await fitsItsWidth(page);
  for (const name of ["Approve", "Deny"]) await big(approval.getByRole("button", { name }));
  await approval.getByRole("button", { name: "Approve" }).tap();
  await expect(thread.answer).toContainText("The tool answered:");
  await thread.card("Create task").getByText("Create task").first().tap();
  await fitsItsWidth(page);
  await openAgent(page, rpc, await rpc.agent("tool", "Ruled in the pocket", { ...TASKS, ask_first: [RULE] }));
  await big(page.getByLabel("Create task runs"));
  await fitsItsWidth(page);
  await page.context().close();
});

const RULE = { tool: "createTask", when: { field: "priority", value: "high" } };

/** A thread whose agent asks before it makes a task of what was said. */
async function asked(page: Page, rpc: Rpc, name: string, text: string): Promise<ThreadPage> {
  const id = await rpc.thread(await rpc.agent("tool", name, ASKING), text);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.approval("Create task")).toBeVisible();
  return thread;
}

async function openAgent(page: Page, rpc: Rpc, agent: string): Promise<void> {
  await page.goto(`/g/${rpc.slug}/agents/${agent}`);
  await hydrated(page);
}

async function save(page: Page, version: number): Promise<void> {
  await page.getByRole("button", { name: "Save agent" }).click();
  await expect(page.getByText(`Saved as version ${version}`)).toBeVisible();
}

function phone(browser: Browser, options: Parameters<Browser["newPage"]>[0]): Promise<Page> {
  return browser.newPage({ ...options, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
}

async function big(target: Locator): Promise<void> {
  const box = await target.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0), `size of ${target}`).toBeGreaterThanOrEqual(44);
}
