import { hydrated } from "./support/page";
import { fillSignIn } from "./support/people";
import { PACED } from "./support/script";
import { ThreadPage } from "./support/thread";
import { alone, expect, forgive, inside as test } from "./support/test";

test.describe("the way in", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("a wrong password is told at its field, and the typed address stays", async ({ page, owner, complaints }) => {
    await page.goto("/sign-in");
    await hydrated(page);
    await fillSignIn(page, { ...owner, password: "not the right secret" });
    const password = page.getByLabel("Password", { exact: true });
    await expect(password).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByText("This e-mail address and password do not fit together.")).toBeVisible();
    await expect(page.getByLabel("Email")).toHaveValue(owner.email);
    await expect(password).toHaveValue("");
    await password.fill(owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(/\/g\/[^/]+/);
    forgive(complaints, /422/);
  });

  test("an unknown address is answered just as a wrong password is", async ({ page, complaints }) => {
    await page.goto("/sign-in");
    await hydrated(page);
    await fillSignIn(page, { email: "nobody@guild.example", password: "not the right secret" });
    await expect(page.getByText("This e-mail address and password do not fit together.")).toBeVisible();
    forgive(complaints, /422/);
  });
});

alone("a password that is too short is told at its field, and the rest of the form stays", async ({ page, complaints }) => {
  await page.goto("/sign-up");
  await hydrated(page);
  await page.getByLabel("Name", { exact: true }).fill("Ada");
  await page.getByLabel("Email").fill("ada@guild.example");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Group name").fill("Guild of Tests");
  await page.getByRole("button", { name: "Create group" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada");
  await expect(page.getByLabel("Email")).toHaveValue("ada@guild.example");
  forgive(complaints, /422/);
});

const FAILURES = {
  broken: /provider refused the request/,
  unavailable: /cannot be reached right now\. Try again in a moment/,
  limited: /limiting how much we may ask\. Try again in a minute/,
  filtered: /withheld/,
};

for (const [model, words] of Object.entries(FAILURES)) {
  test(`a model that is ${model} is told of in a friendly sentence, with Retry`, async ({ page, rpc }) => {
    const id = await rpc.thread(await rpc.agent(model, `Fails: ${model}`));
    const thread = await new ThreadPage(page).open(rpc.path(id));
    await thread.say("Are you there?");
    await expect(thread.log.getByText(words).filter({ visible: true })).toHaveCount(1);
    await expect(thread.log.getByText(/scripted|panic|error:/i)).toHaveCount(0);
    await thread.log.getByRole("button", { name: "Retry" }).click();
    await expect(thread.answers).toHaveCount(2);
    await expect(thread.answer.getByText(words).filter({ visible: true })).toHaveCount(1);
    await thread.quiet();
    await expect(thread.composer).toBeEnabled();
  });
}

test("an answer that is cut off keeps its words and offers to go on", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("cut", "Cut short"));
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.say("Tell me all of it");
  await expect(thread.answer).toContainText("This answer ends in the middle of");
  await expect(thread.answer.getByText("The answer was cut off.")).toBeVisible();
  await expect(thread.answer.getByRole("button", { name: "Continue" })).toBeVisible();
  await expect(thread.answer.getByRole("button", { name: "Retry" })).toBeVisible();
});

test("an answer that hangs can be stopped", async ({ page, rpc }) => {
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(await rpc.agent("hang", "Never says a word"))));
  await thread.say("Hello?");
  await expect(thread.stop).toBeVisible();
  await thread.stop.click();
  await expect(thread.answer.getByText("Stopped", { exact: true })).toBeVisible();
  await expect(thread.answer.getByRole("button", { name: "Continue" }), "there is nothing to go on from").toBeHidden();
  await expect(thread.answer.getByRole("button", { name: "Retry" })).toBeVisible();
});

const HOSTILE = [
  "<script>window.harmed = 1</script>",
  '<img src="x" onerror="window.harmed = 2">',
  "[a link](javascript:window.harmed=3) and [another](data:text/html,<script>window.harmed=4</script>)",
  '<svg onload="window.harmed=5"><style>body{display:none}</style></svg>',
  "![a picture](https://tracker.example/pixel.png)",
  '<a href="https://example.org" onclick="window.harmed=6">raw link</a>',
].join("\n\n");

test("hostile Markdown stays text, in what one writes and in what comes back", async ({ page, rpc }) => {
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const id = await rpc.thread(await rpc.agent("echo", "Echo of harm"));
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await thread.say(HOSTILE);
  await expect(thread.answer).toContainText("You said:");
  await thread.quiet();
  await harmless(thread);
  await page.reload();
  await harmless(thread);
  expect(requests.filter((url) => /tracker\.example|\/x$/.test(url))).toEqual([]);
});

async function harmless(thread: ThreadPage): Promise<void> {
  for (const message of [thread.said.last(), thread.answer]) {
    await expect(message).toContainText("<script>window.harmed = 1</script>");
    await expect(message).toContainText('<img src="x" onerror="window.harmed = 2">');
    const body = message.locator(".body");
    await expect(body.locator("script, img, style, svg, iframe")).toHaveCount(0);
    const handlers = await body.evaluate((body) =>
      [...body.querySelectorAll("*")].flatMap((element) => element.getAttributeNames().filter((name) => name.startsWith("on"))),
    );
    expect(handlers).toEqual([]);
    for (const link of await body.getByRole("link").all()) expect(await link.getAttribute("href")).toMatch(/^(https?:|mailto:)/);
  }
  expect(await thread.page.evaluate(() => "harmed" in window)).toBe(false);
}

test("a thread that is deleted in one tab says so in the other", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("echo", "Echo of the deleted"), "Deleted elsewhere");
  await rpc.settled(id);
  const here = await new ThreadPage(page).open(rpc.path(id));
  const there = await new ThreadPage(await page.context().newPage()).open(rpc.path(id));
  await there.pick("Delete");
  await there.page.getByRole("button", { name: "Delete thread" }).click();
  await expect(page.getByText("This thread was deleted. Its usage stays.")).toBeVisible();
  await expect(here.composer).toBeHidden();
});

test("a code block is copied with its button", async ({ page, rpc }) => {
  const id = await rpc.thread(await rpc.agent("paced", "Paced with code"), "Show me some code");
  await rpc.settled(id);
  const thread = await new ThreadPage(page).open(rpc.path(id));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const code = thread.answer.locator(".code");
  await code.getByRole("button", { name: "Copy" }).click();
  await expect(code.getByRole("button", { name: "Copied" })).toBeVisible();
  const block = /```python\n([\s\S]*?)```/.exec(PACED)?.[1];
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(block);
});
