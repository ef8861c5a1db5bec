import { test as base, expect } from "@playwright/test";
import { type Person, signUp, stranger } from "./people";
import { Server } from "./server";

interface EachTest {
  /** What the page wrote to its console as an error, or threw; a test fails if anything is left here. */
  complaints: string[];
  /** A server for this test alone: empty, and free to be killed. */
  own: Server;
}

interface EachWorker {
  /** The worker's server; its first person, `owner`, is signed up already. */
  server: Server;
  owner: Person;
}

export const test = base.extend<EachTest, EachWorker>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],

  owner: [
    async ({ browser, server }, use) => {
      const page = await browser.newPage({ baseURL: server.url });
      const owner = await signUp(page, stranger());
      await page.close();
      await use(owner);
    },
    { scope: "worker" },
  ],

  own: async ({}, use, info) => {
    const server = await Server.start();
    await use(server);
    if (info.status !== info.expectedStatus) server.saveLog(info.outputPath("server.log"));
    await server.remove();
  },

  baseURL: async ({ server }, use) => {
    await use(server.url);
  },

  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(`threw: ${error.stack ?? error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
      });
      await use(complaints);
      expect(complaints, "the page complained").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
