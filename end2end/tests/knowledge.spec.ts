import type { Page } from "@playwright/test";
import { axe, fitsItsWidth, hydrated } from "./support/page";
import { pdf } from "./support/pdf";
import { ThreadPage } from "./support/thread";
import { expect, forgive, inside as test } from "./support/test";

const GARDEN = ["Beans want warmth and a dry bed.", "Water the kohlrabi at dawn, never at noon."];

test("a PDF is uploaded, an agent answers from it, and the citation opens the document at the passage", async ({ page, rpc }) => {
  await openKnowledge(page, rpc.slug);
  await addFiles(page, [file("Garden book.pdf", pdf(GARDEN))]);
  const row = page.getByRole("link", { name: /Garden book/ });
  await expect(row).toBeVisible();
  await expect(row, "it is read while one watches").not.toContainText(/Waiting|Being/, { timeout: 30_000 });
  await axe(page);

  const agent = await rpc.agent("tool", "Librarian", { tools: ["searchKnowledge"] });
  const thread = await new ThreadPage(page).open(rpc.path(await rpc.thread(agent)));
  await thread.say("When do I water the kohlrabi?");
  await thread.quiet();
  const source = thread.answer.getByRole("region", { name: "Sources" }).getByRole("link").first();
  await expect(source).toContainText("Garden book");
  await expect(source).toContainText("kohlrabi");
  await axe(page);
  await thread.answer.locator(".body").getByRole("link", { name: "1", exact: true }).first().click();

  await page.waitForURL(/\/knowledge\/[0-9a-f-]+\?start=\d+&end=\d+/);
  const passage = page.locator("mark");
  await expect(passage).toContainText("Water the kohlrabi at dawn");
  await expect(passage).toBeInViewport();
  await expect(page.getByRole("heading", { name: "Garden book" })).toBeVisible();
  await axe(page);
  await fitsItsWidth(page);
  await page.reload();
  await hydrated(page);
  await expect(page.locator("mark")).toContainText("Water the kohlrabi at dawn");
});

test("several files are added at once, what cannot be read says why, and the same content is recognised", async ({ page, rpc, complaints }) => {
  await openKnowledge(page, rpc.slug);
  const picture = { name: "picture.png", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1") };
  await addFiles(page, [file("Minutes.md", "# May\n\nThe gate was oiled."), file("Broken.json", "{ oops"), picture]);
  await expect(page.getByRole("alert").filter({ hasText: "This cannot be read" })).toBeVisible();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByRole("link", { name: /Minutes/ })).not.toContainText(/Waiting|Being/);
  const broken = page.getByRole("link", { name: /Broken/ });
  await expect(broken).toContainText("Cannot be read", { timeout: 30_000 });
  const before = await page.locator(".documents > li").count();
  await addFiles(page, [file("Copy of minutes.md", "# May\n\nThe gate was oiled.")]);
  await expect(page.getByRole("link", { name: /Copy of minutes/ })).toHaveCount(0);
  await expect(page.locator(".documents > li")).toHaveCount(before);
  await broken.click();
  await expect(page.getByRole("alert").filter({ hasText: "JSON" })).toBeVisible();
  forgive(complaints, /422 .*knowledge\/files/);
});

test("a text is pasted, replaced by a file, and deleted", async ({ page, rpc }) => {
  await openKnowledge(page, rpc.slug);
  await page.getByText("Paste text").click();
  await page.getByLabel("Title").fill("Opening hours");
  await page.getByRole("textbox", { name: "Text" }).fill("The shed opens at nine.");
  await page.getByRole("button", { name: "Add text" }).click();
  await page.getByRole("link", { name: /Opening hours/ }).click();
  await expect(page.getByRole("article")).toContainText("The shed opens at nine.");
  await page.locator("#replacement").setInputFiles([file("hours.txt", "The shed opens at ten.")]);
  await expect(page.getByText("The new content is being read.")).toBeVisible();
  await page.getByRole("link", { name: /Opening hours/ }).click();
  await expect
    .poll(async () => {
      await page.reload();
      return page.getByRole("article").textContent();
    })
    .toContain("The shed opens at ten.");
  await hydrated(page);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete document" }).click();
  await page.waitForURL(/\/knowledge$/);
  await expect(page.getByRole("link", { name: /Opening hours/ })).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a file is added by a plain form, and its text is read", async ({ page, rpc }) => {
    await page.goto(`/g/${rpc.slug}/knowledge`);
    await page.getByLabel("Add files").setInputFiles([file("Plain.txt", "Words of a plain form.")]);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/g/${rpc.slug}/knowledge$`));
    await page.getByRole("link", { name: /Plain/ }).click();
    await expect
      .poll(async () => {
        await page.reload();
        return page.getByRole("main").textContent();
      })
      .toContain("Words of a plain form.");
  });
});

async function openKnowledge(page: Page, slug: string): Promise<void> {
  await page.goto(`/g/${slug}/knowledge`);
  await hydrated(page);
}

async function addFiles(page: Page, files: ReturnType<typeof file>[]): Promise<void> {
  await page.getByLabel("Add files").setInputFiles(files);
}

function file(name: string, content: string | Buffer) {
  return { name, mimeType: "application/octet-stream", buffer: typeof content === "string" ? Buffer.from(content) : content };
}
