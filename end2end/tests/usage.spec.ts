import type { Page } from "@playwright/test";
import { hydrated } from "./support/page";
import type { Server } from "./support/server";
import { expect, forgive, test } from "./support/test";

/** Fills the server with the demo, and signs in as one of its people. */
async function inDemo(page: Page, server: Server, who: string): Promise<void> {
  const told = server.command(["demo"]);
  const password = /password: (\S+)/.exec(told)?.[1] ?? "";
  const person = { email: `${who}@demo.example`, password };
  await page.goto(`${server.url}/sign-in`);
  await signInAt(page, server, person);
}

async function signInAt(page: Page, server: Server, person: { email: string; password: string }): Promise<void> {
  await hydrated(page);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${server.url}/g/demo`);
}

test("an admin finds out who spent what on which model last month, down to single calls", async ({ page, own }) => {
  test.slow();
  await inDemo(page, own, "amir");
  await page.getByRole("link", { name: "Usage" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeVisible();

  await page.getByRole("navigation", { name: "Period" }).getByRole("link", { name: "Last month" }).click();
  await expect(page).toHaveURL(/period=last_month/);
  await expect(page.locator(".usage-period")).toContainText("Europe/Lisbon");
  // What has no price is told, and not hidden in a sum.
  await expect(page.getByRole("row", { name: /llama-3\.1-8b/ }).getByText("unknown price")).toBeVisible();

  // Which model cost the most, and who used it.
  const first = page.getByRole("table").last().getByRole("row").nth(1);
  const model = (await first.getByRole("link").textContent()) ?? "";
  await first.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`model=${model.replaceAll(".", "\\.")}`));
  await expect(page.getByRole("heading", { name: "By person" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Only" }).getByText(model)).toBeVisible();

  // One person more, and the calls behind it.
  const spender = page.getByRole("table").last().getByRole("row").nth(1).getByRole("link");
  const name = (await spender.textContent()) ?? "";
  await spender.click();
  await expect(page.getByRole("list", { name: "Only" }).getByText(name)).toBeVisible();
  await page.getByRole("link", { name: "Threads and calls" }).click();
  await expect(page.getByRole("heading", { name: "Dearest threads" })).toBeVisible();
  const call = page.locator(".call").first();
  await call.locator("summary").click();
  await expect(call.getByText("as the provider reported it").or(call.getByText(/estimated/)).first()).toBeVisible();
  await expect(call.getByText(name)).toBeVisible();
});

test("each bar tells its figures to the keyboard, and the same stands in a table", async ({ page, own }) => {
  test.slow();
  await inDemo(page, own, "olivia");
  await page.goto(`${own.url}/g/demo/usage?period=quarter&by=agent`);
  await hydrated(page);
  const bar = page.locator(".plot-place").nth(60);
  await bar.focus();
  await expect(bar).toHaveAttribute("aria-label", /20\d\d: \$/);
  await expect(bar.locator(".plot-tip")).toBeVisible();
  await page.getByText("The same as a table").click();
  await expect(page.getByRole("columnheader", { name: "Front desk" })).toBeVisible();
});

test("an owner writes down a price; what was booked keeps its own", async ({ page, own }) => {
  test.slow();
  await inDemo(page, own, "olivia");
  await page.goto(`${own.url}/g/demo/usage/prices`);
  await hydrated(page);
  const llama = page.getByRole("listitem").filter({ hasText: "llama-3.1-8b" });
  await expect(llama.getByText("unknown price")).toBeVisible();
  await page.getByRole("textbox", { name: "Provider" }).fill("workshop");
  await page.getByRole("textbox", { name: "Model" }).fill("llama-3.1-8b");
  await page.getByRole("textbox", { name: "Input, $" }).fill("0.20");
  await page.getByRole("textbox", { name: "Output, $" }).fill("0.60");
  await page.getByRole("button", { name: "Save price" }).click();
  await expect(llama.getByText("$0.20 in · $0.60 out").first()).toBeVisible();
  await page.goto(`${own.url}/g/demo/usage?period=last_month`);
  await expect(page.getByRole("row", { name: /llama-3\.1-8b/ }).getByText("unknown price")).toBeVisible();
  // What the page still asks for must not find its server gone.
  await page.goto("about:blank");
});

test("a member sees their own, and none of the group's money", async ({ page, own, complaints }) => {
  test.slow();
  await inDemo(page, own, "wen");
  await page.goto(`${own.url}/g/demo/usage?period=quarter`);
  await expect(page.getByText("your own usage")).toBeVisible();
  await expect(page.getByRole("link", { name: "Statements" })).toHaveCount(0);
  await expect(page.getByText("Olivia")).toHaveCount(0);
  const refused = await page.goto(`${own.url}/g/demo/usage/statements`);
  expect(refused?.status()).toBe(404);
  await page.close();
  forgive(complaints, /404 .*statements|ERR_CONNECTION_REFUSED/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("days are chosen by a form, and the URL says what is shown", async ({ browser, own }) => {
    test.slow();
    // Signing in needs the page to be complete, so another browser does it.
    const told = own.command(["demo"]);
    const password = /password: (\S+)/.exec(told)?.[1] ?? "";
    const page = await (await browser.newContext({ javaScriptEnabled: false, baseURL: own.url })).newPage();
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill("amir@demo.example");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    await page.goto("/g/demo/usage");
    await page.getByLabel("From").fill(day(20));
    await page.getByLabel("to", { exact: true }).fill(day(10));
    await page.getByRole("button", { name: "Show days" }).click();
    await expect(page).toHaveURL(new RegExp(`from=${day(20)}&to=${day(10)}`));
    await expect(page.locator(".plot-place")).toHaveCount(11);
  });
});
