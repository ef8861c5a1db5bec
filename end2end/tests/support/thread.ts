import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { hydrated } from "./page";

/** A thread's page, by what a person calls its parts. */
export class ThreadPage {
  readonly log: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly answers: Locator;

  constructor(readonly page: Page) {
    this.log = page.getByRole("log", { name: "Conversation" });
    this.composer = page.getByRole("textbox", { name: "Message" });
    this.send = page.getByRole("button", { name: "Send", exact: true });
    this.stop = page.getByRole("button", { name: "Stop", exact: true });
    this.answers = this.log.getByRole("article").filter({ hasNot: page.getByRole("heading", { name: "You", exact: true }) });
  }

  async open(path: string): Promise<this> {
    await this.page.goto(path);
    await hydrated(this.page);
    return this;
  }

  get answer(): Locator {
    return this.answers.last();
  }

  /** The messages of the reader. */
  get said(): Locator {
    return this.log.getByRole("article").filter({ has: this.page.getByRole("heading", { name: "You", exact: true }) });
  }

  /** The card of a tool's call. */
  card(title: string): Locator {
    return this.log.locator(".tool").filter({ hasText: title });
  }

  /** What asks for the reader's word about a call. */
  approval(title: string): Locator {
    return this.log.getByRole("form", { name: `Approval: ${title}` });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Waits until nothing is being written. */
  async quiet(timeout = 60_000): Promise<void> {
    await expect(this.log).toHaveAttribute("aria-busy", "false", { timeout });
    await expect(this.stop).toBeHidden({ timeout });
  }

  /** Presses Copy on a message and reads the clipboard: the message's text as this page holds it. */
  async copied(message: Locator): Promise<string> {
    await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await message.hover();
    await message.getByRole("button", { name: "Copy", exact: true }).last().click();
    await expect(message.getByRole("button", { name: "Copied" })).toBeVisible();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Opens the thread's menu and picks one of its items. */
  async pick(item: string): Promise<void> {
    await this.page.getByLabel("Thread menu").click();
    await this.page.getByRole("button", { name: item, exact: true }).filter({ visible: true }).click();
  }
}
