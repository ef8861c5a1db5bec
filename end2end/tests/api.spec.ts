import { PACED } from "./support/script";
import { expect, inside as test } from "./support/test";

test("what the JSON API gives is what the script said", async ({ rpc, server, home, playwright }) => {
  const id = await rpc.thread(await rpc.agent("paced", "Paced for the API"), "And now for machines.");
  await rpc.settled(id);
  const key = server.command(["key", "create", "--group", home.slug, "--person", home.owner.email]).trim();
  const api = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${key}` } });
  const answer = await api.get(`${server.url}/api/v1/groups/${home.slug}/threads/${id}/messages`);
  expect(answer.status()).toBe(200);
  const { items } = (await answer.json()) as { items: { role: string; status: string; parts: { type: string; text?: string }[] }[] };
  const newest = items.find((message) => message.role === "assistant");
  expect(newest).toMatchObject({ status: "completed", parts: [{ type: "text", text: PACED }] });
  await api.dispose();
});
