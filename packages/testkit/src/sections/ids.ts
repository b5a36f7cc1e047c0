import { compareIds, type DocumentId, idKey } from "@everdraft/core/adapter";
import { checkId, snapshotOf } from "@everdraft/core/internals";
import { expect } from "vitest";
import { appendsOf, type Chain, chainOf } from "../build/chain-of.ts";
import { eventOf } from "../build/event-of.ts";
import { foldOf } from "../build/fold-of.ts";
import { nastyIds } from "../generators/nasty-ids.ts";
import {
  at,
  type Bench,
  call,
  endless,
  eventsOf,
  expectEvent,
  expectExact,
  type PortSection,
  store,
  takesNumbers,
} from "./bench.ts";
import { section } from "./section.ts";

const numbers = [Number.MIN_SAFE_INTEGER, -10, -9, 0, 1, 2, 10, 4_294_967_296, Number.MAX_SAFE_INTEGER];

/** Which ids are told apart, and how they are ordered. */
export const ids: PortSection = section("ids", {
  "keeps the events of every id apart from those of all others": async (bench) => {
    const chains = await withEveryId(bench);
    for (const { events } of chains) {
      const event = at(events, 0);
      const found = await eventsOf(bench, event.doc);
      expect(found).toHaveLength(1);
      expectEvent(found[0], event, null, bench.types);
      expectEvent(await bench.log.byId(event.doc, event.id, call), event, null, bench.types);
    }
  },

  "keeps the views of every id apart from those of all others": async (bench) => {
    const chains = await withEveryId(bench);
    const all = chains.map(({ views }) => at(views, 0));
    const found = await bench.views.get(
      all.map(({ id }) => id),
      call,
    );
    all.forEach((view, i) => {
      expectExact(found[i], view, bench.types);
    });
  },

  "keeps the snapshots of every id apart from those of all others": async (bench) => {
    const snapshots = everyId(bench).map((doc) => {
      return snapshotOf(
        foldOf(chainOf(doc, [{ mine: idKey(doc) }], undefined, bench.types).events, bench.types),
        doc,
        bench.types,
      );
    });
    for (const snapshot of snapshots) await bench.snapshots.put(snapshot, call);
    for (const snapshot of snapshots) {
      expectExact(
        await bench.snapshots.around(snapshot.doc, { version: 1 }, call),
        { before: snapshot },
        bench.types,
      );
    }
  },

  "lists ids in the order of kinds, and texts by their UTF-8 bytes": async (bench) => {
    await withEveryId(bench);
    const wanted = inOrder(bench, everyId(bench));
    expect((await bench.log.documents({ limit: 1000 }, call)).map(idKey)).toEqual(wanted.map(idKey));
  },

  "lists every id once, whatever the size of the pages": async (bench) => {
    await withEveryId(bench);
    const wanted = inOrder(bench, everyId(bench));
    for (const limit of [1, 3, wanted.length - 1, wanted.length]) {
      const paged: DocumentId[] = [];
      for (;;) {
        const after = paged.at(-1);
        const page = await bench.log.documents({ limit, ...(after !== undefined && { after }) }, call);
        paged.push(...page);
        expect(paged.length, endless).toBeLessThanOrEqual(wanted.length);
        if (page.length < limit) break;
      }
      expect(paged.map(idKey)).toEqual(wanted.map(idKey));
    }
  },

  "finds documents in that order too, page by page": async (bench) => {
    await withEveryId(bench);
    const wanted = inOrder(bench, everyId(bench));
    for (const limit of [1, 4, wanted.length]) {
      const paged: DocumentId[] = [];
      for (;;) {
        const last = paged.at(-1);
        const after = last === undefined ? {} : { after: { id: last, values: [] } };
        const page = await bench.views.find({ filter: {}, sort: [], limit, ...after }, call);
        paged.push(...page.map(({ id }) => id));
        expect(paged.length, endless).toBeLessThanOrEqual(wanted.length);
        if (page.length < limit) break;
      }
      expect(paged.map(idKey)).toEqual(wanted.map(idKey));
    }
  },

  "keeps users of every id apart": async (bench) => {
    const users = everyId(bench);
    const events = users.map((by, i) => eventOf({ doc: `doc-${i}`, by }, bench.types));
    await store(
      bench,
      events.map((event) => ({ event })),
    );
    for (const [i, by] of users.entries()) {
      const found = await bench.log.changes({ by, order: "oldest", limit: 10 }, call);
      expect(found.map(({ doc }) => doc)).toEqual([`doc-${i}`]);
      expectExact(found[0], at(events, i), bench.types);
    }
  },

  'holds "1" and 1 for two documents and two users, or has no number for an id': async (bench) => {
    const taken: DocumentId[] = takesNumbers(bench) ? ["1", 1] : ["1"];
    await store(
      bench,
      taken.flatMap((id) => appendsOf(chainOf(id, [{ kind: typeof id }], () => ({ by: id })))),
    );
    const views = await bench.views.get(taken, call);
    expect(views.map((view) => view?.state?.kind)).toEqual(taken.map((id) => typeof id));
    const byText = await bench.log.changes({ by: "1", order: "oldest", limit: 10 }, call);
    expect(byText.map(({ doc }) => doc)).toEqual(["1"]);
    if (!takesNumbers(bench))
      expect(() => checkId(1, bench.kinds)).toThrow(expect.objectContaining({ code: "id" }));
  },
});

function everyId(bench: Bench): DocumentId[] {
  const known = takesNumbers(bench) ? [...nastyIds, ...numbers] : nastyIds;
  return [...known, ...(bench.fixture.samples?.ids ?? [])];
}

function inOrder(bench: Bench, all: readonly DocumentId[]): DocumentId[] {
  return all.toSorted((a, b) => compareIds(a, b, bench.kinds));
}

/** One document of every id, whose state names it. */
async function withEveryId(bench: Bench): Promise<Chain[]> {
  const chains = everyId(bench).map((doc) => chainOf(doc, [{ mine: idKey(doc) }], undefined, bench.types));
  await store(
    bench,
    chains.flatMap((chain) => appendsOf(chain)),
  );
  return chains;
}
