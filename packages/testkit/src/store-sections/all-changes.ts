import { migrate } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { section } from "../sections/section.ts";
import { linesOf, type Order, order, setNote } from "./order.ts";
import { twoOld } from "./people.ts";
import { refused } from "./refusals.ts";
import { patient, type StoreBench, type StoreSection } from "./store-bench.ts";

/** The events of all documents. */
export const allChanges: StoreSection = section(
  "reading the changes of all documents",
  {
    "changes come newest first, oldest first where asked, across documents": async (bench) => {
      const wanted = await sixChanges(bench);
      for (const store of [bench.open(), bench.open()]) {
        const oldest = await store.changes({ order: "oldest" }).toArray();
        expect(oldest.map(({ id, version }) => `${id} ${version}`)).toEqual(wanted);
        const newest = await store.changes().toArray();
        expect(newest.map(({ id, version }) => `${id} ${version}`)).toEqual(wanted.toReversed());
        expect(newest).toEqual(oldest.toReversed());
      }
    },

    "changes can be asked for by dates (included), user, type, place and limit": async (bench) => {
      const wanted = await sixChanges(bench);
      const store = bench.open();
      const start = bench.clock.now - 6000;
      const date = (n: number) => new Date(start + n * 1000);
      const cases = [
        [{ from: date(2), to: date(4) }, [1, 2, 3]],
        [{ from: date(6) }, [5]],
        [{ to: new Date(date(1).getTime() - 1) }, []],
        [{ by: "bob" }, [2, 4]],
        [{ type: "created" }, [0, 1, 3]],
        [{ type: "deleted" }, [5]],
        [{ path: ["note"], type: "edited" }, [2, 4]],
        [{ limit: 2 }, [0, 1]],
        [{ by: "bob", from: date(4) }, [4]],
      ] as const;
      for (const [query, indexes] of cases) {
        const events = await store.changes({ ...query, order: "oldest" }).toArray();
        const found = events.map(({ id, version }) => `${id} ${version}`);
        expect({ query, found }).toEqual({ query, found: indexes.map((i) => wanted[i]) });
      }
      expect(await store.changes({ limit: 1 }).toArray()).toMatchObject([{ type: "deleted" }]);
    },

    "an event is the same in changes as in its document's history": async (bench) => {
      await sixChanges(bench);
      const store = bench.open();
      for await (const event of store.changes()) {
        const { id, version } = event;
        const query = { from: { version }, to: { version } };
        expect(await store.history(id, query).toArray()).toEqual([event]);
      }
    },

    "several hundred changes at one time all come, each once": async ({ open }) => {
      const store = open();
      const ids = Array.from({ length: 600 }, (_, i) => `o-${i}`);
      await Promise.all(ids.map((id) => store.create(id, "alice", order(), patient)));
      for (const direction of ["oldest", "newest"] as const) {
        const events = await open().changes({ order: direction }).toArray();
        expect(events.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      }
      const seen: string[] = [];
      for await (const { id } of open().changes()) {
        seen.push(id);
        if (seen.length === 400) break;
      }
      expect(new Set(seen).size).toBe(400);
    },
  },
  {
    "changes can be asked for by reason, by fields of the meta, and by every element of a list": async (
      bench,
    ) => {
      const store = bench.open();
      await store.create("a", "alice", order({ lines: linesOf("A", "B") }), { reason: "phone" });
      const setQty = (draft: Order): void => void Object.assign(draft.lines[1] ?? {}, { qty: 7 });
      await store.edit("a", "bob", setQty, { reason: "mail", meta: { app: "desk", run: { n: 1 } } });
      await store.create("b", "alice", order({ lines: linesOf("A") }), { meta: { app: "desk" } });
      await store.edit("b", "bob", setNote("x"), { meta: { app: "web", run: { n: 1 } } });
      const cases = [
        [{ reason: "mail" }, ["a 2"]],
        [{ reason: "mai" }, []],
        [{ meta: { app: "desk" } }, ["a 2", "b 1"]],
        [{ meta: { run: { n: 1 } } }, ["a 2", "b 2"]],
        [{ meta: { run: {} } }, []],
        [{ meta: {} }, ["a 1", "a 2", "b 1", "b 2"]],
        [{ path: ["lines", "*", "qty"], type: "edited" }, ["a 2"]],
        [{ path: ["*"], type: "edited" }, []],
        [{ path: ["lines", "*"], by: "bob", meta: { app: "desk" } }, ["a 2"]],
        [{ path: ["lines", 0, "qty"], type: "edited" }, []],
        [{ act: "none" }, []],
      ] as const;
      for (const [query, wanted] of cases) {
        const list = () => store.changes({ ...query, order: "oldest" });
        const found = (await list().toArray()).map(({ id, version }) => `${id} ${version}`);
        expect({ query, found }).toEqual({ query, found: wanted });
        expect((await list().page({ limit: 9 })).items).toHaveLength(wanted.length);
      }
    },

    "the events of one act are found by it": async (bench) => {
      const { newer } = await twoOld(bench);
      await migrate(newer, "bob");
      const [{ act } = {}] = await newer.history("p", { after: 2 }).toArray();
      const found = await newer.changes(act === undefined ? {} : { act }).toArray();
      expect(found.map(({ id, version }) => `${id} ${version}`)).toEqual(["p 3"]);
    },

    "a list of changes says that it scans where a condition has no index": async (bench) => {
      const store = bench.open();
      await store.create("a", "alice", order());
      expect(await store.changes({ from: new Date(0), order: "oldest" }).explain()).toEqual({
        kind: "index",
        name: "log.at",
      });
      for (const query of [{ by: "alice" }, { reason: "x" }, { path: ["note"] }, { meta: {} }] as const)
        expect(await store.changes(query).explain()).toEqual({ kind: "scan" });
    },

    "a cursor of another query, another store or a later time is refused": async (bench) => {
      await sixChanges(bench);
      const store = bench.open();
      const { next: cursor = "" } = await store.changes({ by: "bob" }).page({ limit: 1 });
      expect((await store.changes({ by: "bob" }).page({ limit: 1, cursor })).items).toHaveLength(1);
      const refusedBy = async (list: { page(options: object): Promise<unknown> }, given: string) => {
        const { details } = await refused(list.page({ limit: 1, cursor: given }), "options");
        expect(details).toMatchObject({ option: "cursor" });
      };
      await refusedBy(store.changes({ by: "alice" }), cursor);
      await refusedBy(store.changes({ by: "bob", meta: {} }), cursor);
      await refusedBy(store.changes({ by: "bob" }), cursor.slice(0, -4));
      // none of these events is in the log of the other collection
      await refusedBy(bench.open({ collection: "others" }).changes({ by: "bob" }), cursor);
    },
  },
);

/** Six changes of three documents, a second apart, as "document version". */
async function sixChanges({ open, clock }: StoreBench): Promise<string[]> {
  const store = open();
  const edit = (id: string, note: string) =>
    store.edit(id, "bob", (draft) => void Object.assign(draft, { note }));
  const acts = [
    () => store.create("b", "alice", order()),
    () => store.create("a", "alice", order()),
    () => edit("b", "1"),
    () => store.create("c", "carol", order()),
    () => edit("a", "2"),
    () => store.delete("b", "dave"),
  ];
  const done: string[] = [];
  for (const act of acts) {
    clock.forward(1000);
    const { id, version } = await act();
    done.push(`${id} ${version}`);
  }
  return done;
}
