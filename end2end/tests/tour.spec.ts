import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { hydrated } from "./support/page";
import { everyPage } from "./support/pages";
import type { Rpc, Toolset } from "./support/rpc";
import { PACED_BEGINNING } from "./support/script";
import { ThreadPage } from "./support/thread";
import { alone, expect, forgive, inside as test } from "./support/test";

/** Pictures of every page and state, for looking at: GUILDHALL_TOUR=folder npx playwright test --grep @tour */
const FOLDER = process.env.GUILDHALL_TOUR ?? "";
const WIDTHS = [1440, 900, 390];

test.describe("@tour", () => {
  test.skip(!FOLDER, "GUILDHALL_TOUR names no folder for the pictures");
  test.setTimeout(600_000);

  test("every page", async ({ page, rpc, complaints }) => {
    for (const [name, path] of Object.entries(await everyPage(rpc))) {
      await page.goto(path);
      await hydrated(page);
      await shoot(page, name);
    }
    forgive(complaints, /404 .*no-such-page/);
  });

  test("every way in which an answer stands", async ({ page, rpc }) => {
    for (const model of ["thinking", "tool", "cut", "broken", "limited", "unavailable", "filtered", "fast"]) {
      const id = await rpc.thread(await rpc.agent(model, `Plays ${model}`), "Tell me how it went, please.");
      await rpc.settled(id);
      await new ThreadPage(page).open(rpc.path(id));
      await shoot(page, `answer ${model}`);
    }
    await streaming(page, rpc);
  });

  test("every way in which a call of a tool stands", async ({ page, rpc }) => {
    const tools = ["createTask"];
    const ask_first = [{ tool: "createTask" }];
    const text = "Ask the front desk to keep a place for the visitor of room 12, this evening from six on.";
    const open = async (name: string, toolset: Toolset) => {
      const id = await rpc.thread(await rpc.agent("tool", name, toolset), text);
      return new ThreadPage(page).open(rpc.path(id));
    };
    const done = await open("Guide", { tools });
    await done.quiet();
    await shoot(page, "tool done");
    await done.card("Create task").getByText("Create task").click();
    await shoot(page, "tool open");
    const asks = await open("Careful guide", { tools, ask_first });
    await expect(asks.approval("Create task")).toBeVisible();
    await shoot(page, "approval waiting");
    await asks.approval("Create task").getByLabel("Reason").fill("The car park is closed this evening.");
    await asks.approval("Create task").getByRole("button", { name: "Deny" }).click();
    await asks.quiet();
    await shoot(page, "approval denied");
    const human = await open("Modest guide", { tools: ["callHuman"] });
    await expect(page.getByText("A person was asked to help")).toBeVisible();
    await human.quiet();
    await shoot(page, "handoff");
    const limited = await open("Short guide", { tools, limits: { steps: 1 } });
    await expect(limited.answer.getByRole("button", { name: "Continue" })).toBeVisible();
    await shoot(page, "answer at its limit");
    const rule = { tool: "createTask", when: { field: "priority", value: "high" } };
    const agent = await rpc.agent("tool", "Guide with rules", { tools: ["createTask", "callHuman"], ask_first: [rule, { tool: "callHuman" }] });
    await page.goto(`/g/${rpc.slug}/agents/${agent}`);
    await hydrated(page);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.getByRole("group", { name: "Tools" }).scrollIntoViewIfNeeded();
      await shoot(page, "agent tools", [width]);
    }
  });

  test("what opens over a page", async ({ page, rpc }) => {
    const agent = await rpc.agent("echo", "Guide to dialogs");
    const id = await rpc.thread(agent, "Which spades do we have?");
    await rpc.settled(id);
    const thread = await new ThreadPage(page).open(rpc.path(id));
    await page.keyboard.press("Control+k");
    await shoot(page, "palette");
    await page.keyboard.press("Escape");
    await page.getByLabel("Thread menu").click();
    await shoot(page, "thread menu");
    await page.getByLabel("Thread menu").click();
    for (const item of ["Rename", "Delete"]) {
      await thread.pick(item);
      await shoot(page, `dialog ${item}`);
      await page.keyboard.press("Escape");
    }
    await thread.pick("Archive");
    await expect(page.getByText("This thread is archived.")).toBeVisible();
    await shoot(page, "thread archived");
    await page.goto(`/g/${rpc.slug}/threads?status=archived`);
    await hydrated(page);
    await page.getByRole("button", { name: /^Restore/ }).click();
    await shoot(page, "notice");
    await page.goto(`/g/${rpc.slug}/agents/${agent}`);
    await hydrated(page);
    await page.keyboard.press("?");
    await shoot(page, "shortcuts");
  });

  test("the sheet of a phone", async ({ page, rpc }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/g/${rpc.slug}`);
    await hydrated(page);
    await page.getByRole("button", { name: "Menu" }).click();
    await shoot(page, "sheet", [390]);
  });
});

alone.describe("@tour", () => {
  alone.skip(!FOLDER, "GUILDHALL_TOUR names no folder for the pictures");
  alone.setTimeout(180_000);

  alone("the ways in, and a group without anything", async ({ page, complaints }) => {
    await page.goto("/sign-up");
    await hydrated(page);
    await shoot(page, "sign-up");
    await page.goto("/sign-in");
    await hydrated(page);
    await page.getByLabel("Email").fill("nobody@guild.example");
    await page.getByLabel("Password", { exact: true }).fill("not the right secret");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("do not fit together")).toBeVisible();
    await shoot(page, "sign-in wrong");
    forgive(complaints, /422/);
  });
});

async function streaming(page: Page, rpc: Rpc): Promise<void> {
  const agent = await rpc.agent("paced", "Plays paced");
  for (const width of WIDTHS) {
    const id = await rpc.thread(agent, "How do we plan the garden day?");
    const thread = await new ThreadPage(page).open(rpc.path(id));
    await rpc.send(id, "And who brings the bread?");
    await expect(thread.answer).toContainText(PACED_BEGINNING);
    await shoot(page, "answer streaming", [width]);
    await page.keyboard.press("Escape");
    await expect(thread.answers.first().getByText("Stopped", { exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await thread.quiet();
    await shoot(page, "answer stopped", [width]);
  }
}

async function shoot(page: Page, name: string, widths = WIDTHS): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(FOLDER, `${name.replace(/[^a-z]+/gi, "-").toLowerCase()}-${width}-${colorScheme}.png`) });
    }
  }
}
