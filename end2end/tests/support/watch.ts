import type { Page } from "@playwright/test";

interface Seen {
  /** The lengths of the newest answer while it was being written, in order, each once. */
  lengths: number[];
  /** What screen readers were told, in order. */
  told: string[];
}

declare global {
  interface Window {
    guildhallSeen: Seen;
    guildhallStreams: Set<EventSource>;
  }
}

/** Watches how answers grow and what is announced, from now on and for as long as the document lives. */
export async function watchAnswers(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Seen = (window.guildhallSeen = { lengths: [], told: [] });
    const note = <T>(list: T[], value: T) => list.at(-1) !== value && list.push(value);
    const look = () => {
      const log = document.querySelector("[role=log]");
      const answer = [...(log?.querySelectorAll("article.turn:not(.user)") ?? [])].at(-1);
      const length = answer?.querySelector(".body")?.textContent?.length ?? 0;
      if (log?.getAttribute("aria-busy") === "true" && length > 0) note(seen.lengths, length);
      for (const status of document.querySelectorAll("p[role=status].visually-hidden")) {
        const text = status.textContent ?? "";
        if (text && text !== "Loading") note(seen.told, text);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

export function seen(page: Page): Promise<Seen> {
  return page.evaluate(() => window.guildhallSeen);
}

/** Counts the event streams that pages of this context hold open; call it before any page is opened. */
export async function countStreams(page: Page): Promise<void> {
  await page.context().addInitScript(() => {
    window.guildhallStreams = new Set();
    window.EventSource = class extends EventSource {
      constructor(url: string | URL, options?: EventSourceInit) {
        super(url, options);
        window.guildhallStreams.add(this);
      }
    };
  });
}

/** How many event streams the pages hold open or are opening. */
export async function openStreams(pages: Page[]): Promise<number> {
  const counts = pages.map((page) =>
    page.evaluate(() => [...window.guildhallStreams].filter((stream) => stream.readyState !== EventSource.CLOSED).length),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
