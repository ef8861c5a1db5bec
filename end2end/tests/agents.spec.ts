import type { Browser, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { type Person, signIn } from "./support/people";
import type { Server } from "./support/server";
import { ThreadPage } from "./support/thread";
import { expect, forgive, inside as test } from "./support/test";

test("an agent is created, answers, and every save of it is a version", async ({ page, rpc }) => {
  await page.goto(`/g/${rpc.slug}/agents`);
  await hydrated(page);
  await page.getByRole("link", { name: "New agent" }).click();
  await page.getByLabel("Name").fill("Herald");
  await page.getByLabel("Model").selectOption("scripted\techo");
  await page.getByLabel("Instructions").fill("You repeat what is said.\nBriefly.");
  await page.getByRole("button", { name: "Create agent" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Herald" })).toBeVisible();
  await expect(page.getByText("Version 1", { exact: true })).toBeVisible();

  await page.getByLabel("Model").selectOption("scripted\tfast");
  await page.getByLabel("Seconds").fill("90");
  await page.getByRole("button", { name: "Save agent" }).click();
  await expect(page.getByRole("status").getByText("Saved as version 2")).toBeVisible();
  await expect(page.getByText("Version 2", { exact: true })).toBeVisible();
  await expect(page.getByText("fast · scripted")).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(page.getByLabel("Seconds")).toHaveValue("90");
  await expect(page.getByLabel("Model")).toHaveValue("scripted\tfast");
  await expect(page.getByLabel("Instructions")).toHaveValue("You repeat what is said.\nBriefly.");

  await page.getByRole("button", { name: "Start thread" }).click();
  await page.waitForURL(/\/threads\/[0-9a-f-]+$/);
  const thread = new ThreadPage(page);
  await expect(thread.log.getByText("Nothing was said yet.")).toBeVisible();
  await thread.say("Count for me");
  await expect(thread.answer).toContainText("99 100");
});

test("what is wrong with an agent is said at its field, and nothing is saved", async ({ page, rpc }) => {
  await page.goto(`/g/${rpc.slug}/agents/new`);
  await hydrated(page);
  await page.getByLabel("Model").selectOption("scripted\techo");
  await page.getByRole("button", { name: "Create agent" }).click();
  await expect(page.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Name").fill("Bounded");
  await page.getByLabel("Seconds").fill("many");
  await page.getByRole("button", { name: "Create agent" }).click();
  await expect(page.getByLabel("Seconds")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("Write a whole number.")).toBeVisible();
  await expect(page).toHaveURL(/\/agents\/new$/);
});

test("when two people save, the second is told, loses nothing, and may save over it", async ({ page, rpc, complaints }) => {
  const path = `/g/${rpc.slug}/agents/${await rpc.agent("echo", "Shared")}`;
  const other = await page.context().newPage();
  for (const tab of [page, other]) await openAgent(tab, path);
  await page.getByLabel("Instructions").fill("Theirs");
  await page.getByRole("button", { name: "Save agent" }).click();
  await expect(page.getByText("Saved as version 2")).toBeVisible();

  await other.getByLabel("Instructions").fill("Mine");
  await other.getByRole("button", { name: "Save agent" }).click();
  await expect(other.getByRole("alert").getByText("Nothing that you wrote is lost")).toBeVisible();
  await expect(other.getByLabel("Instructions")).toHaveValue("Mine");
  await other.getByRole("button", { name: "Save mine over it" }).click();
  await expect(other.getByText("Saved as version 3")).toBeVisible();
  await expect(other.getByRole("alert").getByText("Nothing that you wrote is lost")).toBeHidden();
  await page.reload();
  await expect(page.getByLabel("Instructions")).toHaveValue("Mine");
  forgive(complaints, /409/);
});

test("a retired agent answers no more, stays readable, and can be restored", async ({ page, rpc }) => {
  const agent = await rpc.agent("echo", "Old hand");
  const id = await rpc.thread(agent, "While you are here");
  await rpc.settled(id);
  await openAgent(page, `/g/${rpc.slug}/agents/${agent}`);
  await page.getByRole("button", { name: "Retire", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Retire Old hand?" });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Retire", exact: true }).click();
  await dialog.getByRole("button", { name: "Retire" }).click();
  await expect(page.getByText("This agent is retired.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start thread" })).toBeHidden();

  const thread = await new ThreadPage(page).open(rpc.path(id));
  await expect(thread.answer).toContainText("You said: While you are here");
  await expect(thread.composer).toBeDisabled();
  await expect(page.getByText("Old hand is retired and answers no more.")).toBeVisible();

  await page.goto(`/g/${rpc.slug}/agents?status=retired`);
  await hydrated(page);
  await page.getByRole("link", { name: /Old hand/ }).click();
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page.getByRole("button", { name: "Start thread" })).toBeVisible();
  await thread.open(rpc.path(id));
  await thread.say("Welcome back");
  await expect(thread.answer).toContainText("You said: Welcome back");
});

test("a plain member reads agents and changes none", async ({ browser, server, rpc }) => {
  const agent = await rpc.agent("echo", "Everybody's");
  const member = makePerson(server, "Mia Member", "mia@guild.example");
  server.command(["member", "add", rpc.slug, member.email, "--role", "member"]);
  const page = await signedIn(browser, server, member);
  await page.goto(`/g/${rpc.slug}/agents`);
  await expect(page.getByRole("link", { name: /Everybody's/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "New agent" })).toBeHidden();
  await openAgent(page, `/g/${rpc.slug}/agents/${agent}`);
  await expect(page.getByText("Owners and administrators of the group can change this agent.")).toBeVisible();
  await expect(page.getByLabel("Name")).toBeDisabled();
  await expect(page.getByLabel("Model")).toBeDisabled();
  await expect(page.getByLabel("Instructions")).not.toBeEditable();
  await expect(page.getByRole("checkbox", { name: "Create task" })).toBeDisabled();
  for (const verb of ["Save agent", "Retire"]) await expect(page.getByRole("button", { name: verb, exact: true })).toBeHidden();
  expect((await page.request.get(`/g/${rpc.slug}/agents/new`)).status()).toBe(404);
  await page.getByRole("button", { name: "Start thread" }).click();
  const thread = new ThreadPage(page);
  await thread.say("I may talk, though");
  await expect(thread.answer).toContainText("You said: I may talk, though");
  await page.context().close();
});

test("a stranger to the group finds nothing there, not even a name", async ({ browser, server, rpc }) => {
  const agent = await rpc.agent("echo", "Behind the door");
  const id = await rpc.thread(agent, "Between ourselves");
  const page = await signedIn(browser, server, makePerson(server, "Sam Stranger", "sam@elsewhere.example"), /\/account|\/$/);
  const paths = ["", "/agents", `/agents/${agent}`, "/threads", `/threads/${id}`].map((rest) => `/g/${rpc.slug}${rest}`);
  for (const path of [...paths, "/g/no-such-group", "/no/such/page"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    await expect(page.getByText(/Behind the door|Between ourselves|Guild of Tests/)).toHaveCount(0);
  }
  await page.context().close();
});

async function openAgent(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

function makePerson(server: Server, name: string, email: string): Person {
  const password = "a long enough secret";
  server.command(["person", "create", email, "--name", name, "--password-stdin"], `${password}\n`);
  return { name, email, password, group: "" };
}

async function signedIn(browser: Browser, server: Server, person: Person, lands = /\/g\/[^/]+/): Promise<Page> {
  const page = await browser.newPage({ baseURL: server.url, storageState: undefined });
  await signIn(page, person, lands);
  return page;
}
