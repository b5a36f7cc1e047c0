import type { Imported, ImportRefusal, Revision } from "@everdraft/core";
import {
  type Append,
  ConstraintError,
  type DocumentId,
  type EventLog,
  type Storage,
  StorageFullError,
  withoutHistory,
} from "@everdraft/core/adapter";
import { expect } from "vitest";
import { librarySection } from "../sections/section.ts";
import { type Order, order } from "./order.ts";
import { eventsIn, refused } from "./refusals.ts";
import { notes, type Rev, start } from "./revisions.ts";
import { portCall, type StoreBench, type StoreSection } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** A revision of document "a", with any state. */
const rev = (second: number, state: unknown, more: object = {}): Rev => ({
  id: "a",
  at: new Date(start + second * 1000),
  by: "alice",
  state: state as Order,
  ...more,
});
const noted = (note: number | string, more: object = {}) =>
  rev(Number(note), order({ note: `${note}` }), more);

const withKey = (key: string) => Object.fromEntries([[key, 1]]);
const deep = (levels: number): unknown => (levels === 0 ? 1 : { in: deep(levels - 1) });

/** Each cannot be stored, for a reason of its own, between two that can. */
const unstorable: Readonly<Record<string, Rev>> = {
  value: rev(1, { ...order(), more: new Map() }),
  "value of a key": rev(1, JSON.parse('{ "__proto__": { "x": 1 } }')),
  "value of half a pair": rev(1, { more: "\ud83d" }),
  "value of NUL in a key": rev(1, { more: withKey("a\0b") }),
  "value of depth": rev(1, { more: deep(95) }),
  "value of a state that is none": rev(1, [1]),
  "value in meta": noted(1, { meta: { more: Number.NaN, un: () => 1 } }),
  reserved_field: rev(1, { _everdraft: 1 }),
  "reserved_field of another id": rev(1, { _id: "b" }),
  user: noted(1, { by: undefined }),
  "options of the reason": noted(1, { reason: 5 }),
  "options of meta": noted(1, { meta: { import: 1 } }),
  too_large: rev(1, order({ note: "x".repeat(5_000) })),
};

async function importing(
  { open }: StoreBench,
  revisions: readonly Revision<Order>[],
  options: { storage?: Storage<string>; name?: string; eventBytes?: number } = {},
): Promise<{ imported: Imported; told: string[]; refusals: ImportRefusal[] }> {
  const { storage, name, eventBytes = 4_000 } = options;
  const refusals: ImportRefusal[] = [];
  const store = open({ ...(storage && { storage }), limits: { eventBytes } });
  const imported = await store.import(revisions, {
    onRefused: "skip",
    onRefusal: (refusal) => refusals.push(refusal),
    ...(name && { name }),
  });
  const told = refusals.map(({ id, revision, error }) => `${id} ${revision} ${error.code}`);
  return { imported, told, refusals };
}

/** The facts of a refusal of one document. */
function refusalOf(id: DocumentId): ConstraintError["details"] {
  const reason = "it is refused, as the test wants it";
  return { operation: "store an event", id, reason, remedy: "Take it away." };
}

/** A storage that refuses events of such reasons, with the whole chain that they are in. */
function refusing(storage: Storage<string>, isRefused: (reason: string, append: Append) => boolean) {
  return wrapStorage(storage, ({ log }) => {
    const commit: EventLog["commit"] = async (appends, kind, call) => {
      if (kind === "independent" && appends.length > 1)
        return (await Promise.all(appends.map((one) => commit([one], kind, call)))).flat();
      const culprit = appends.find((one) => isRefused(one.event.reason ?? "", one));
      if (culprit === undefined) return log.commit(appends, kind, call);
      const error = new ConstraintError(refusalOf(culprit.event.doc));
      return appends.map(() => ({ event: "refused", error }));
    };
    return { log: { commit } };
  });
}

/** Imports that meet revisions which cannot be stored. */
export const importRefusals: StoreSection = librarySection("importing what cannot be stored", {
  "a revision that cannot be stored ends an import, which stored what came before it": async (bench) => {
    for (const [i, [what, given]] of Object.entries(unstorable).entries()) {
      const store = bench.open({ collection: `c-${i}`, limits: { eventBytes: 4_000 } });
      const code = what.split(" ")[0] as "value";
      await refused(store.import([noted(0), given, noted(2)]), code);
      expect({ what, events: (await store.history("a").toArray()).length }).toEqual({ what, events: 1 });
    }
  },

  "where such are skipped, each is named and counted, and later ones of the document go on": async (
    bench,
  ) => {
    for (const [what, given] of Object.entries(unstorable)) {
      const name = what;
      const id = what;
      const revisions = [noted(0), given, given, noted(2), noted(3)].map((one) => ({ ...one, id }));
      const { imported, told } = await importing(bench, revisions, { name });
      const code = what.split(" ")[0];
      expect(told).toEqual([2, 3].map((revision) => `${id} ${revision} ${code}`));
      expect(imported).toMatchObject({ revisions: 5, events: 3, refused: 2, conflicts: [] });
      const events = await eventsIn(bench.port, id);
      expect(events.map(({ meta }) => meta?.import)).toMatchObject(
        [1, 4, 5].map((revision) => ({ name, revision })),
      );
      expect(await bench.open().get(id)).toMatchObject({ note: "3" });
      expect(await bench.open().verify(id)).toMatchObject({ ok: true, version: 3 });
    }
  },

  "a rerun refuses the same ones again, and is in no conflict with what was left out": async (bench) => {
    for (const [what, given] of Object.entries(unstorable)) {
      const all = [noted(0), given, noted(0), given, noted(2), given, noted(3)];
      const revisions = all.map((one, i) => ({ ...one, id: what, at: new Date(start + i) }));
      for (const length of [2, 4, 6, 7]) await importing(bench, revisions.slice(0, length), { name: what });
      const { imported, told } = await importing(bench, revisions, { name: what });
      expect(imported).toMatchObject({ events: 0, skipped: 4, refused: 3, conflicts: [] });
      expect(told.map((one) => one.split(" ").at(-2))).toEqual(["2", "4", "6"]);
      const changed = revisions.with(2, { ...revisions[2], state: order({ note: "other" }) } as Rev);
      // between two events of which the later notes that one was refused; elsewhere it is a conflict
      const first = revisions.with(0, { ...revisions[0], state: order({ note: "other" }) } as Rev);
      expect((await importing(bench, changed, { name: what })).imported.conflicts).toEqual([]);
      expect((await importing(bench, first, { name: what })).imported.conflicts).toHaveLength(1);
    }
  },

  "a revision without an id that can be is told without a document, and the others are taken in": async (
    bench,
  ) => {
    const wrong: Rev[] = [noted(1, { id: "" }), noted(1, { id: {} }), ...JSON.parse('[null, "text"]')];
    for (const one of wrong) {
      const error = await bench
        .open()
        .import([one])
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: one === null || typeof one === "string" ? "options" : "id" });
    }
    const { imported, refusals } = await importing(bench, [noted(0), ...wrong, noted(2)]);
    expect(refusals.map(({ revision }) => revision)).toEqual([undefined, undefined, undefined, undefined]);
    expect(refusals.map(({ error }) => error.code)).toEqual(["id", "id", "options", "options"]);
    expect(imported).toMatchObject({ documents: 1, revisions: 6, events: 2, refused: 4 });
  },

  "a revision that the storage refuses is found among those that are stored together": async (bench) => {
    const length = 40;
    for (const poison of [[0], [17], [39], [3, 4, 5, 20], Array.from({ length }, (_, i) => i)]) {
      const id = poison.join("-");
      const storage = refusing(bench.storage, (reason) => poison.includes(Number(reason)));
      const revisions = Array.from({ length }, (_, i) => noted(i, { id, reason: `${i}` }));
      const { imported, told } = await importing(bench, revisions, { storage, name: id });
      expect(told).toEqual(poison.map((i) => `${id} ${i + 1} constraint`));
      expect(imported).toMatchObject({ events: length - poison.length, refused: poison.length });
      const kept = revisions.filter((_, i) => !poison.includes(i));
      const events = await eventsIn(bench.port, id);
      expect(events.map(({ reason }) => reason)).toEqual(kept.map(({ reason }) => reason));
      expect(await bench.open().get(id)).toEqual(kept.at(-1)?.state ?? undefined);
      if (kept.length > 0) expect(await bench.open().verify(id)).toMatchObject({ ok: true });
      const again = await importing(bench, revisions, { storage, name: id });
      expect(again.imported).toMatchObject({ events: 0, skipped: kept.length, refused: poison.length });
    }
  },

  "a revision that the storage refuses ends an import, which stored what came before it": async (bench) => {
    const storage = refusing(bench.storage, (reason) => reason === "17");
    const revisions = Array.from({ length: 40 }, (_, i) => noted(i, { reason: `${i}` }));
    await refused(bench.open({ storage }).import(revisions), "constraint");
    expect(await eventsIn(bench.port, "a")).toHaveLength(17);
    expect(await bench.open().import(revisions)).toMatchObject({ events: 23, skipped: 17, conflicts: [] });
  },

  "a document in which nothing can be stored is told once, and the others are taken in": async (bench) => {
    await bench.port.views.write({ ...withoutHistory, id: "b", state: { note: "raw" } }, "any", portCall);
    await refused(bench.open().import(notes(30)), "not_adopted");
    const { imported, told } = await importing(bench, notes(30));
    expect(told).toEqual(["b undefined not_adopted"]);
    expect(imported).toMatchObject({ documents: 3, refused: 10, conflicts: [] });
    expect(await eventsIn(bench.port, "b")).toEqual([]);
    for (const id of ["a", "c"]) expect(await eventsIn(bench.port, id)).toHaveLength(10);
  },

  "an import that the storage ends in the middle tells its true error, and of which document": async (
    bench,
  ) => {
    const revisions = Array.from({ length: 300 }, (_, i) => noted(i, { id: `d-${i}` }));
    const constrained = refusing(bench.storage, (_, { event }) => event.doc === "d-3");
    const error = await refused(bench.open({ storage: constrained }).import(revisions), "constraint");
    expect(error.details).toEqual(refusalOf("d-3"));
    const full = wrapStorage(bench.storage, () => ({
      log: {
        commit: async (appends) => {
          const error = new StorageFullError({
            operation: "store events",
            reason: "the disk is full",
            remedy: "Make room.",
          });
          return appends.map(() => ({ event: "refused", error }));
        },
      },
    }));
    await refused(bench.open({ storage: full, collection: "full" }).import(revisions), "storage_full");
    // the revisions that were read until then, but for the refused one
    expect(await bench.open().count()).toBe(127);
    expect(await bench.open().import(revisions)).toMatchObject({ events: 173, skipped: 127 });
  },

  "what a source or a listener throws is told as it is, also where what was read cannot be stored": async (
    bench,
  ) => {
    const broken = new Error("the file ends here");
    function* source(): Generator<Rev> {
      yield noted(1);
      throw broken;
    }
    const storage = refusing(bench.storage, () => true);
    await expect(bench.open({ storage }).import(source())).rejects.toBe(broken);
    const onRefusal = (): never => {
      throw broken;
    };
    const options = { onRefused: "skip", onRefusal } as const;
    await expect(bench.open({ storage }).import([noted(1)], options)).rejects.toBe(broken);
    const onProgress = onRefusal;
    await expect(bench.open().import([noted(1)], { onProgress })).rejects.toBe(broken);
  },
});
