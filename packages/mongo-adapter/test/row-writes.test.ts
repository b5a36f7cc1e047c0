// What only the steps of a write of rows show: another writer between two of them.

import { expect, test } from "vitest";
import { collectionOf } from "../src/connection/collection-of.ts";
import { withinTime } from "../src/connection/deadline.ts";
import { type RowCollections, type RowDocument, type RowMark, writeRows } from "../src/rows/row-writes.ts";
import { writeRowsTogether } from "../src/rows/row-writes-together.ts";
import { call } from "./support/build.ts";
import { byHand, newDatabase } from "./support/database.ts";

const set = (doc: string, version: number, many: number) => ({
  doc,
  version,
  rows: Array.from({ length: many }, (_, n) => ({ n, of: version })),
});

type Rows = RowCollections["rows"];

/** The collection, where something else is done just before its first bulk. */
function after(rows: Rows, first: () => Promise<unknown>): Rows {
  let isFirst = true;
  return new Proxy(rows, {
    get: (target, key) => {
      if (key !== "bulkWrite") return Reflect.get(target, key).bind?.(target) ?? Reflect.get(target, key);
      return async (...given: Parameters<Rows["bulkWrite"]>) => {
        if (isFirst) {
          isFirst = false;
          await first();
        }
        return target.bulkWrite(...given);
      };
    },
  });
}

test("rows that come after those of a newer version are taken back, written together or alone", async () => {
  const db = byHand(newDatabase());
  const collections: RowCollections = {
    rows: collectionOf<RowDocument>(db, "rows"),
    documents: collectionOf<RowMark>(db, "documents"),
  };
  await withinTime("write rows", call, async (deadline) => {
    const newer = (doc: string) => () => writeRows(collections, set(doc, 3, 1), "lower", deadline);
    const late = (doc: string) => ({ ...collections, rows: after(collections.rows, newer(doc)) });
    await writeRows(late("alone"), set("alone", 2, 3), "lower", deadline);
    await writeRowsTogether(late("together"), [set("together", 2, 3), set("other", 1, 2)], deadline);
  });
  const found = await db.collection("rows").find().sort({ _id: 1 }).toArray();
  const left = found.map(({ _everdraft, n }) => `${_everdraft.doc} v${_everdraft.version} ${n}`).sort();
  expect(left).toEqual(["alone v3 0", "other v1 0", "other v1 1", "together v3 0"]);
});
