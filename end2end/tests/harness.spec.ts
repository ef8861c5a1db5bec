import { expect, test } from "./support/test";

test("a server comes back on the same address after a kill and after a restart", async ({ own, request }) => {
  const ready = async () => (await request.get(`${own.url}/readyz`)).status();
  await own.kill9();
  await expect(ready()).rejects.toThrow(/ECONNREFUSED/);
  await own.up();
  expect(await ready()).toBe(200);
  await own.restart();
  expect(await ready()).toBe(200);
});
