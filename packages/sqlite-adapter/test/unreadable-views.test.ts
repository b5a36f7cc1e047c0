// Whoever has the file can write any bytes where a state was. The log is whole, so the view can be had back.
import { createStore, type Store } from "@everdraft/core";
import { rebuild, type StoreFinding, verify } from "@everdraft/core/upkeep";
import { expect, test } from "vitest";
import { newPath, rawAt, storageAt } from "./support/fixtures.ts";

test.each([
  ["verify with repair", (store: Store<{ n: number }>) => verify(store, { repair: true })],
  ["rebuild", (store: Store<{ n: number }>) => rebuild(store, { projection: "view" })],
])("views whose bytes are no state hide nothing from verify, and %s mends them", async (_, mend) => {
  const path = newPath();
  const storage = storageAt(path);
  const store = createStore<{ n: number }>({ collection: "notes", storage, cache: { maxBytes: 0 } });
  const ids = Array.from({ length: 150 }, (_, i) => `n-${1000 + i}`);
  await Promise.all(ids.map((id, n) => store.create(id, "alice", { n })));
  const raw = rawAt(path);
  raw.exec(`UPDATE notes SET state = x'FFFF' WHERE id IN ('n-1003', 'n-1120')`);
  raw.exec(`UPDATE notes SET digest = 'other' WHERE id = 'n-1050'`);
  raw.exec(`INSERT INTO notes SELECT 'n-ghost', version, head, changed, at, "by", event, schema, digest, since, state
            FROM notes WHERE id = 'n-1001'`);
  raw.close();
  const findings: StoreFinding[] = [];
  await verify(store, { onFinding: (finding) => findings.push(finding) });
  expect(findings.map(({ id, kind }) => `${id} ${kind}`).toSorted()).toEqual([
    ...["n-1003 drift", "n-1050 drift", "n-1120 drift", "n-ghost orphan"],
  ]);
  await mend(store);
  expect(await verify(store)).toMatchObject({ documents: 150, failures: 1 });
  expect(await store.get("n-1120")).toEqual({ n: 120 });
  await store.close();
  await storage.close();
});
