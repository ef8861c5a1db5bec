import type { APIRequestContext, Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { expect, inside as test } from "./support/test";

/** Adds documents through the API and waits until they can be searched. */
async function documents(api: APIRequestContext, group: string, texts: Record<string, string>): Promise<void> {
  for (const [title, text] of Object.entries(texts)) {
    expect((await api.post(`${group}/knowledge`, { data: { title, text } })).ok()).toBe(true);
  }
  const found = async () => {
    const answers = Object.values(texts).map((text) => api.post(`${group}/knowledge/search`, { data: { query: text, mode: "text" } }));
    const all = await Promise.all((await Promise.all(answers)).map((answer) => answer.json() as Promise<{ results: unknown[] }>));
    return all.every(({ results }) => results.length > 0);
  };
  await expect.poll(found, { message: "the documents can be searched", timeout: 60_000 }).toBe(true);
}

async function tries(page: Page): Promise<void> {
  await page.getByRole("searchbox", { name: "Query" }).fill("how do I mend a puncture");
  await page.getByRole("button", { name: "Try" }).click();
  const first = page.getByRole("table").getByRole("row").nth(1);
  await expect(first).toContainText("Punctures of retrieval");
  await first.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Save as check" }).click();
  const check = page.getByRole("listitem").filter({ hasText: "how do I mend a puncture" });
  await expect(check).toContainText("Punctures of retrieval");
  await page.getByRole("button", { name: "Run all checks" }).click();
  await expect(check).toContainText("nDCG 1.00");
  await check.getByRole("button", { name: /^Remove the check/ }).click();
  await expect(check).toBeHidden();
}

for (const script of [true, false]) {
  test.describe(script ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled: script });

    test("an admin tries a query, saves it as a check, runs it, and removes it", async ({ page, rpc, server, home, playwright }) => {
      const key = server.command(["key", "create", "--group", home.slug, "--person", home.owner.email]).trim();
      const api = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${key}` } });
      await documents(api, `${server.url}/api/v1/groups/${home.slug}`, {
        "Punctures of retrieval": "To mend a puncture, find the hole under water, roughen the rubber and press a patch on.",
        "Brakes of retrieval": "Brake pads are replaced in pairs when the groove has worn away.",
      });
      await page.goto(`/g/${rpc.slug}/knowledge/retrieval`);
      if (script) await hydrated(page);
      await tries(page);
      await api.dispose();
    });
  });
}
