import { type APIRequestContext, expect } from "@playwright/test";

/** What journeys use of a message, as the server tells it. */
export interface Message {
  id: string;
  run_id: string;
  role: "user" | "assistant" | "operator";
  status: "streaming" | "completed" | "stopped" | "failed" | "interrupted";
  parts: { type: string; text?: string }[];
}

interface ThreadPage {
  thread: { id: string; title: string; status: string; answering: boolean };
  snapshot: { messages: Message[]; run?: unknown; queued: unknown[] };
}

/** What an agent of a journey may do, where it is more than to talk. */
export interface Toolset {
  tools?: string[];
  ask_first?: { tool: string; when?: { field: string; value: string } }[];
  limits?: { steps?: number; output_tokens?: number; seconds?: number };
}

/** The server functions, called with the cookies of a signed-in browser: for what a journey needs before it begins. */
export class Rpc {
  constructor(
    private readonly request: APIRequestContext,
    private readonly url: string,
    readonly slug: string,
  ) {}

  /** Makes an agent on a model of the scripted provider, and returns its id. */
  async agent(model: string, name = `Scripted ${model}`, { tools = [], ask_first = [], limits = {} }: Toolset = {}): Promise<string> {
    const bounds = { steps: 8, output_tokens: 2048, seconds: 300, ...limits };
    const draft = { name, provider: "scripted", model, instructions: `Plays ${model}.`, tools, ask_first, limits: bounds };
    return (await this.json<{ id: string }>("create_agent", { slug: this.slug, draft })).id;
  }

  /** Starts a thread, with a first message where one is given, and returns its id. */
  async thread(agent: string, text?: string): Promise<string> {
    return this.form<string>("start_thread", { slug: this.slug, agent_id: agent, ...(text ? { text } : {}) });
  }

  /** Makes a task, and returns its id. */
  async task(title: string, more: { description?: string; priority?: "low" | "medium" | "high" } = {}): Promise<string> {
    return (await this.json<{ id: string }>("create_task", { slug: this.slug, new: { title, ...more } })).id;
  }

  /** Adds a document, waits until it is read, and returns its id. */
  async document(title: string, text: string): Promise<string> {
    const { id } = await this.form<{ id: string }>("add_document", { slug: this.slug, title, text });
    const state = async () => (await this.json<{ status: string }[]>("documents_now", { slug: this.slug, ids: [id] }))[0]?.status;
    await expect.poll(state, { message: "the document is read", timeout: 60_000 }).toBe("ready");
    return id;
  }

  /** Adds the reference server as a source of tools, unless it is there, and picks some of them. */
  async commandTools(name: string, tools: string[]): Promise<void> {
    const all = await this.json<{ id: string; name: string }[]>("tool_sources", { slug: this.slug });
    if (all.some((source) => source.name === name)) return;
    const draft = { kind: "command", name, url: "everything" };
    const source = await this.json<{ id: string; version: number }>("add_tool_source", { slug: this.slug, draft });
    await this.json("pick_tools", { slug: this.slug, id: source.id, version: source.version, tools });
  }

  async send(thread: string, text: string): Promise<void> {
    await this.form("send_message", { slug: this.slug, thread_id: thread, text });
  }

  async rename(thread: string, title: string): Promise<void> {
    await this.json("rename_thread", { slug: this.slug, id: thread, title });
  }

  async page(thread: string): Promise<ThreadPage> {
    return this.json("thread", { slug: this.slug, id: thread });
  }

  /** Waits until nothing goes on in the thread any more, and returns its newest messages, oldest first. */
  async settled(thread: string): Promise<Message[]> {
    const busy = async () => (await this.page(thread)).thread.answering;
    await expect.poll(busy, { message: "the thread is answered", timeout: 60_000 }).toBe(false);
    return (await this.page(thread)).snapshot.messages;
  }

  /** Sends messages one after another, each once the one before is answered. */
  async talk(thread: string, texts: string[]): Promise<void> {
    for (const text of texts) {
      await this.send(thread, text);
      await this.settled(thread);
    }
  }

  path(thread: string): string {
    return `/g/${this.slug}/threads/${thread}`;
  }

  private json<T>(name: string, data: object): Promise<T> {
    return this.post(name, { data });
  }

  private form<T>(name: string, form: Record<string, string>): Promise<T> {
    return this.post(name, { form });
  }

  private async post<T>(name: string, body: { data: object } | { form: Record<string, string> }): Promise<T> {
    const options = { ...body, headers: { origin: this.url, accept: "application/json" }, maxRedirects: 0 };
    const answer = await this.request.post(`${this.url}/fn/${name}`, options);
    const text = await answer.text();
    if (!answer.ok()) throw new Error(`${name} answered ${answer.status()}: ${text}`);
    return JSON.parse(text) as T;
  }
}

/** The text of a message, as Copy copies it. */
export function textOf(message: Message): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
