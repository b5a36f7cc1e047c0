import { readFile } from "node:fs/promises";
import { createStore } from "@everdraft/core";
import { describe, expect, test } from "vitest";
import { newPath, storageAt } from "./support/fixtures.ts";

interface Order {
  customer: string;
  status: string;
  lines: { sku: string; qty: number }[];
  due?: Date;
}

const storeOn = (path: string) => createStore<Order>({ collection: "orders", storage: storageAt(path) });

describe("a store on a file", () => {
  test("has everything again after it was opened anew", async () => {
    const path = newPath();
    const first = storeOn(path);
    await first.create("o-1", "alice", { customer: "c-7", status: "open", lines: [], due: new Date(5) });
    await first.edit("o-1", "bob", (draft) => void draft.lines.push({ sku: "A", qty: 2 }), {
      reason: "phone",
    });
    await first.create("o-2", "alice", { customer: "c-8", status: "open", lines: [] });
    await first.delete("o-2", "alice");
    await first.close();
    const second = storeOn(path);
    expect(await second.get("o-1")).toEqual({
      customer: "c-7",
      status: "open",
      lines: [{ sku: "A", qty: 2 }],
      due: new Date(5),
    });
    expect(await second.get("o-2")).toBeUndefined();
    expect((await second.history("o-1").toArray()).map(({ by, reason }) => [by, reason])).toEqual([
      ["alice", undefined],
      ["bob", "phone"],
    ]);
    expect((await second.stateAt("o-1", { version: 1 }))?.lines).toEqual([]);
    expect(await second.find({ status: "open" }).toArray()).toHaveLength(1);
    expect(await second.verify("o-1")).toMatchObject({ ok: true, version: 2 });
    expect((await second.restore("o-2", "carol")).version).toBe(3);
    await second.close();
  });

  test("that two stores write to loses no edit", async () => {
    const path = newPath();
    const stores = [storeOn(path), storeOn(path)];
    await stores[0]?.create("o-1", "alice", { customer: "c", status: "open", lines: [] });
    const edits = stores.flatMap((store, i) =>
      Array.from({ length: 20 }, (_, qty) =>
        store.edit("o-1", `user-${i}`, (draft) => void draft.lines.push({ sku: `${i}`, qty })),
      ),
    );
    await Promise.all(edits);
    for (const store of stores) {
      const document = await store.read("o-1");
      expect(document?.version).toBe(41);
      expect(document?.state.lines).toHaveLength(40);
      expect(await store.verify("o-1")).toMatchObject({ ok: true, version: 41 });
    }
  });

  test("in memory lives as long as its storage", async () => {
    const store = createStore<Order>({ collection: "orders", storage: storageAt(":memory:") });
    await store.create("o-1", "alice", { customer: "c", status: "open", lines: [] });
    expect(await store.count()).toBe(1);
    await store.close();
    expect(await storeOn(":memory:").count()).toBe(0);
  });
});

test("this repository's own configuration files are documents", async () => {
  const store = createStore<object>({ collection: "files", storage: storageAt(newPath()) });
  const root = new URL("../../../", import.meta.url);
  for (const name of ["biome.json", "knip.json", ".changeset/config.json", "package.json"]) {
    const file = JSON.parse(await readFile(new URL(name, root), "utf8"));
    await store.create(name, "alice", file);
    expect(await store.get(name)).toEqual(file);
    expect(await store.verify(name)).toMatchObject({ ok: true });
  }
  expect(await store.get("biome.json")).toMatchObject({ $schema: expect.any(String) });
  await store.close();
});
