import type { Rpc } from "./rpc";

/** Every page that a signed-in person can open, with something on it; by name. */
export async function everyPage(rpc: Rpc): Promise<Record<string, string>> {
  const { agent, thread, document } = await furnish(rpc);
  const group = `/g/${rpc.slug}`;
  return {
    dashboard: group,
    threads: `${group}/threads`,
    "threads, none found": `${group}/threads?q=nothing-has-this`,
    thread: rpc.path(thread),
    knowledge: `${group}/knowledge`,
    tasks: `${group}/tasks`,
    retrieval: `${group}/knowledge/retrieval`,
    document: `${group}/knowledge/${document}`,
    usage: `${group}/usage`,
    calls: `${group}/usage/calls`,
    budgets: `${group}/usage/budgets`,
    prices: `${group}/usage/prices`,
    statements: `${group}/usage/statements`,
    reconcile: `${group}/usage/reconcile`,
    "tasks, none found": `${group}/tasks?status=cancelled&priority=low`,
    agents: `${group}/agents`,
    "agents, none retired": `${group}/agents?status=retired`,
    agent: `${group}/agents/${agent}`,
    "new agent": `${group}/agents/new`,
    settings: `${group}/settings`,
    account: "/account",
    "not found": `${group}/no-such-page`,
  };
}

/** An agent with a long name, and a thread that has seen a little of everything. */
async function furnish(rpc: Rpc): Promise<{ agent: string; thread: string; document: string }> {
  const agent = await rpc.agent("paced", "A planner of gardens, parties, journeys & other long affairs");
  const thread = await rpc.thread(agent, "How do we plan the garden day, with everybody, in one go, before the rain comes? 🌦️");
  await rpc.settled(thread);
  await rpc.talk(thread, [HOSTILE_TO_WIDTH]);
  await rpc.settled(await rpc.thread(await rpc.agent("thinking", "Thinker"), "שלום, מה שלומך? 🙂"));
  const clerk = await rpc.agent("tool", "Clerk", { tools: ["createTask"] });
  await rpc.settled(await rpc.thread(clerk, "Order new beans, peas and kohlrabi for the beds behind the house before the fair"));
  await rpc.task("Oil the gate 🚪", { priority: "high", description: "It creaks.\nThe oil is in the shed, on the second shelf from below." });
  await rpc.commandTools("reference", ["echo", "get-sum"]);
  const document = await rpc.document("Rules of the garden, in all their length and beauty", HOSTILE_TO_WIDTH);
  return { agent, thread, document };
}

/** A message that a careless page would let grow wider than its window. */
const HOSTILE_TO_WIDTH = [
  `A long word: ${"Donaudampfschifffahrt".repeat(8)}`,
  "| plan | who | when | where | with what | and why | how long |\n|---|---|---|---|---|---|---|\n| beds | Ada | May | garden | spade | food | a day |",
  "```\n" + "a line of code that goes on and on ".repeat(8) + "\n```",
  "https://example.org/" + "a".repeat(160),
].join("\n\n");
