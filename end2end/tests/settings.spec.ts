import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { ThreadPage } from "./support/thread";
import { expect, forgive, inside as test } from "./support/test";

test("a tool of a real MCP server is added, picked, given to an agent, and called", async ({ page, rpc }) => {
  await openSettings(page, rpc.slug);
  await page.getByRole("button", { name: "Local command" }).click();
  await field(page, "Name").fill("journey");
  await expect(page.getByRole("combobox", { name: "Command" })).toHaveValue("everything");
  await page.getByRole("button", { name: "Add command" }).click();
  const source = card(page, "journey");
  await expect(source).toBeVisible();
  await source.getByRole("checkbox", { name: /journey__echo/ }).check();
  await source.getByRole("button", { name: "Save tools" }).click();
  await expect(notice(page, "Saved which tools of journey agents may use")).toBeVisible();

  const agent = await rpc.agent("tool", "Echoing clerk");
  await page.goto(`/g/${rpc.slug}/agents/${agent}`);
  await hydrated(page);
  await page.getByRole("group", { name: "Tools" }).getByRole("checkbox", { name: "Journey echo", exact: true }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(notice(page, /Saved/)).toBeVisible();

  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(agent)));
  await thread.say("Land ahoy");
  await expect(thread.answer).toContainText("Echo: Land ahoy");
  await expect(page.getByText("journey__echo").or(page.getByText(/echo/i)).first()).toBeVisible();

  await openSettings(page, rpc.slug);
  await card(page, "journey").getByRole("button", { name: "Remove journey" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(card(page, "journey")).toBeHidden();
});

test("an HTTP API comes from its document, and a mistake in it loses nothing", async ({ page, rpc, complaints }) => {
  await openSettings(page, rpc.slug);
  await page.getByRole("button", { name: "HTTP API" }).click();
  await field(page, "Name").fill("weather");
  await field(page, "OpenAPI document").fill("openapi: 3.1.0\npaths: {}\n");
  await field(page, "Base URL (optional)").fill("https://weather.example/v1");
  await page.getByRole("button", { name: "Add HTTP API" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "no operation" })).toBeVisible();
  await expect(field(page, "Base URL (optional)")).toHaveValue("https://weather.example/v1");
  await field(page, "OpenAPI document").fill(WEATHER);
  await field(page, "Header (optional)").fill("Authorization");
  await page.getByLabel("Secret (optional)").fill("Bearer swordfish");
  await page.getByRole("button", { name: "Add HTTP API" }).click();
  const source = card(page, "weather");
  await expect(source).toContainText("weather__getForecast");
  await expect(source).toContainText("Secret in the header Authorization");
  await source.getByRole("checkbox", { name: /weather__getForecast/ }).check();
  await source.getByRole("button", { name: "Save tools" }).click();
  await page.reload();
  await hydrated(page);
  await expect(card(page, "weather").getByRole("checkbox", { name: /weather__getForecast/ })).toBeChecked();
  expect(await page.content(), "a secret never comes back").not.toContain("swordfish");
  forgive(complaints, /422 .*add_tool_source/);
});

test("the time for approvals is kept", async ({ page, rpc }) => {
  await openSettings(page, rpc.slug);
  const hours = field(page, "Hours");
  await hours.fill("0.001");
  await page.getByRole("button", { name: "Save hours" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "minute" })).toBeVisible();
  await hours.fill("48");
  await page.getByRole("button", { name: "Save hours" }).click();
  await expect(notice(page, "Saved for how long approvals wait")).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(hours).toHaveValue("48");
});

const WEATHER = `
openapi: 3.1.0
info: { title: Weather, version: "1" }
servers: [{ url: https://weather.example/v1 }]
paths:
  /forecast:
    get:
      operationId: getForecast
      summary: The forecast of a place
      parameters: [{ name: place, in: query, required: true, schema: { type: string } }]
`;

async function openSettings(page: Page, slug: string): Promise<void> {
  await page.goto(`/g/${slug}/settings`);
  await hydrated(page);
}

function field(page: Page, name: string): Locator {
  return page.getByRole("main").getByRole("textbox", { name, exact: true });
}

function card(page: Page, name: string): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
}

function notice(page: Page, text: string | RegExp): Locator {
  return page.getByRole("status").getByText(text);
}
