import { axe, hydrated } from "./support/page";
import { expect, test } from "./support/test";

test("the sign-in page hydrates without a complaint and is accessible", async ({ page }) => {
  await page.goto("/sign-in");
  await hydrated(page);
  await expect(page.getByLabel("Email")).toBeVisible();
  await expect(page.getByLabel("Password")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  await axe(page);
});

test("without JavaScript the sign-in page is a plain form", async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(page.locator("html")).not.toHaveAttribute("data-hydrated", "true");
  await context.close();
});

test("the browser half is immutable under its version, compressed, and of the right type", async ({ page, request }) => {
  const wasm = page.waitForResponse((response) => /\/pkg\/[^/]+\/guildhall\.wasm$/.test(response.url()));
  await page.goto("/sign-in");
  const headers = await (await wasm).allHeaders();
  expect(headers["content-type"]).toBe("application/wasm");
  expect(headers["content-encoding"]).toBe("br");
  expect(headers["cache-control"]).toContain("immutable");
  expect((await request.get("/pkg/0000000000000000/guildhall.wasm")).status()).toBe(404);
});

test("every page forbids scripts that are not its own", async ({ request }) => {
  const policy = (await request.get("/sign-in")).headers()["content-security-policy"] ?? "";
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).toMatch(/script-src [^;]*'nonce-[\w+/=-]{16,}'/);
  expect(policy).not.toMatch(/script-src [^;]*('unsafe-inline'|'unsafe-eval')/);
});
