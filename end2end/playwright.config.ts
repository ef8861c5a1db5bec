import { defineConfig } from "@playwright/test";
import { systemChromium } from "./tests/support/chromium";

/** Each worker has a server and a data folder of its own, so whole files run side by side. */
export default defineConfig({
  testDir: "./tests",
  globalSetup: "./tests/support/global-setup",
  // The tour takes pictures for people to look at; it is asked for by GUILDHALL_TOUR.
  ...(process.env.GUILDHALL_TOUR ? {} : { grepInvert: /@tour/ }),
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 2,
  timeout: 150_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI ? [["list"]] : [["list"], ["html", { open: "never" }]],
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: systemChromium(),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
