import { createStore, defineProjection, type State } from "@everdraft/core";
import { rebuild, verify } from "@everdraft/core/upkeep";
import { expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { failingServer } from "./support/own-server.ts";

interface Sheet {
  lines: string[];
}
const lines = defineProjection({
  name: "lines",
  version: 1,
  rows: (sheet: State<Sheet>, { id }) => sheet.lines.map((text) => ({ sheet: id, text })),
});
const { server, client } = failingServer();
const count = 40;

test("a server that is killed meanwhile ends a rebuild, and the same call goes on where it stopped", async () => {
  const storage = mongoStorage(client().db("rebuild-killed"));
  const before = createStore<Sheet>({ collection: "sheets", storage });
  for (let n = 0; n < count; n++) await before.create(`s-${n}`, "alice", { lines: [`a-${n}`, `b-${n}`] });
  await before.close();
  const store = createStore<Sheet>({ collection: "sheets", storage, projections: [lines] });
  await store.ready();

  let killing: Promise<void> | undefined;
  const options = { projection: "lines", rangeSize: 4, concurrency: 1, timeoutMs: 4_000 };
  const broken = rebuild(store, {
    ...options,
    onProgress: ({ done }) => {
      if (done >= 12) killing ??= server().kill();
    },
  });
  await expect(broken).rejects.toMatchObject({ code: expect.stringMatching(/^(storage|timeout)$/) });
  await killing;
  await server().start();

  const heard: number[] = [];
  const rest = await rebuild(store, { ...options, onProgress: ({ done }) => heard.push(done) });
  expect(rest).toMatchObject({ complete: true, documents: count, failures: 0 });
  expect(heard[0]).toBeGreaterThanOrEqual(12);
  expect(await store.rows(lines).count()).toBe(2 * count);
  expect(await verify(store)).toMatchObject({ complete: true, documents: count, failures: 0 });
  await store.close();
  await storage.close();
}, 180_000);
