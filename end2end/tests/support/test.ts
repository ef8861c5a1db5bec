import { type BrowserContextOptions, test as base, expect } from "@playwright/test";
import { type Person, signUp, stranger } from "./people";
import { Rpc } from "./rpc";
import { Server } from "./server";

type Signed = Exclude<BrowserContextOptions["storageState"], string | undefined>;

interface EachTest {
  /** What the page wrote to its console as an error, or threw; a test fails if anything is left here. */
  complaints: string[];
  /** A server for this test alone: empty, and free to be killed. */
  own: Server;
  /** The server functions of the worker's server, as its owner. */
  rpc: Rpc;
}

interface EachWorker {
  /** The worker's server. */
  server: Server;
  /** Its first person, who owns the first group. */
  owner: Person;
  /** The owner's session and group. Signing in is throttled, so tests share it. */
  home: { state: Signed; slug: string; owner: Person };
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

  owner: [async ({ home }, use) => use(home.owner), { scope: "worker" }],

  home: [
    async ({ browser, server }, use) => {
      const page = await browser.newPage({ baseURL: server.url });
      const owner = await signUp(page, stranger());
      const slug = new URL(page.url()).pathname.split("/")[2] ?? "";
      const state = await page.context().storageState();
      await page.close();
      await use({ state, slug, owner });
    },
    { scope: "worker" },
  ],

  rpc: async ({ server, home, playwright }, use) => {
    const request = await playwright.request.newContext({ storageState: home.state });
    await use(new Rpc(request, server.url, home.slug));
    await request.dispose();
  },

  own: async ({}, use, info) => {
    const server = await Server.start();
    await use(server);
    if (info.status !== info.expectedStatus) server.saveLog(info.outputPath("server.log"));
    await server.remove();
  },

  baseURL: async ({ server }, use, info) => {
    await use(server.url);
    if (info.status !== info.expectedStatus) server.saveLog(info.outputPath("server.log"));
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

/** Tests of those who are inside: the page is signed in as the owner of the worker's server. */
export const inside = test.extend({
  storageState: async ({ home }, use) => {
    await use(home.state);
  },
});

/** Tests with a server of their own, at which the page looks. */
export const alone = test.extend({
  baseURL: async ({ own }, use) => {
    await use(own.url);
  },
});

/** Takes back complaints that a test brought about on purpose. */
export function forgive(complaints: string[], what: RegExp): void {
  complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !what.test(complaint)));
}

export { expect };
