// Views written by update operators: whatever changed, they are what a whole write would leave; what another program wrote stays.
import { digestOfView, type PlainObject, type View } from "@everdraft/core/adapter";
import { applyPatches, diffStates, normalise } from "@everdraft/core/internals";
import { anyState, chainOf, seeded } from "@everdraft/testkit";
import * as fc from "fast-check";
import type { Collection, Db } from "mongodb";
import { expect, test } from "vitest";
import { types } from "../src/capabilities.ts";
import { mongoStorage } from "../src/index.ts";
import { updateOf } from "../src/views/view-update.ts";
import { call } from "./support/build.ts";
import { byHand, newDatabase } from "./support/database.ts";

/** The next view: what did not change is taken over by reference, as a fold takes it over. */
function following(before: View, wanted: PlainObject, given: View): View {
  const patches = diffStates(before.state, normalise(wanted, types), types, "content");
  const state = normalise(applyPatches(before.state, patches, new Set()), types) as PlainObject;
  const { digest: _, ...facts } = { ...given, state };
  return { ...facts, digest: digestOfView(facts, types) };
}

test("an update by operators leaves the same view as writing the whole", async () => {
  const db = newDatabase();
  const stored = await mongoStorage(db).open("notes", call);
  let documents = 0;
  let byOperators = 0;
  const states = fc.array(anyState(), { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(states, async (wanted) => {
      const doc = `d-${++documents}`;
      const { events, views } = chainOf(doc, wanted, () => ({}), types);
      let before = views[0] as View;
      await stored.log.commit(
        [{ event: events[0] as never, view: before, before: "none" }],
        "independent",
        call,
      );
      for (const [i, event] of events.entries()) {
        if (i === 0) continue;
        const view = following(before, wanted[i] as PlainObject, views[i] as View);
        if (updateOf(before, view) !== undefined) byOperators++;
        const outcomes = await stored.log.commit([{ event, view, before }], "independent", call);
        expect(outcomes).toEqual([{ event: "stored", view: "current" }]);
        expect((await stored.views.get([doc], call))[0]).toEqual(view);
        before = view;
      }
    }),
    { ...seeded(60), endOnFailure: true },
  );
  expect(byOperators).toBeGreaterThan(documents / 4);
});

test("each place that an edit writes is compared with the value that its writer knew", async () => {
  const db = newDatabase();
  const stored = await mongoStorage(db).open("notes", call);
  const first = { n: 1, deep: { a: { b: 1 }, list: [{ q: 1 }, { q: 2 }] }, tail: [1] };
  const edits: readonly (readonly [what: string, wanted: PlainObject, raw: object])[] = [
    ["a field", { ...first, n: 2 }, { $set: { n: 9 } }],
    ["a field that is of another type by now", { ...first, n: 2 }, { $set: { n: [1, 5] } }],
    ["a field that is gone", { ...first, n: 2 }, { $unset: { n: "" } }],
    ["a field that was put there", { ...first, more: 1 }, { $set: { more: 2 } }],
    ["a field inside", { ...first, deep: { ...first.deep, a: { b: 2 } } }, { $set: { "deep.a.b": 3 } }],
    [
      "a field of an object that is a list by now",
      { ...first, deep: { ...first.deep, a: { b: 2 } } },
      { $set: { "deep.a": [{ b: 1 }] } },
    ],
    [
      "an element",
      { ...first, deep: { ...first.deep, list: [{ q: 1 }, { q: 3 }] } },
      { $set: { "deep.list.1.q": 7 } },
    ],
    [
      "an element that moved",
      { ...first, deep: { ...first.deep, list: [{ q: 1 }, { q: 3 }] } },
      { $push: { "deep.list": { $each: [{ q: 0 }], $position: 0 } } },
    ],
    ["the end of a list", { ...first, tail: [1, 2] }, { $push: { tail: 5 } }],
    ["a list that is none by now", { ...first, tail: [1, 2] }, { $set: { tail: "x" } }],
    ["the library's own facts", { ...first, n: 2 }, { $set: { "_everdraft.by": "mallory" } }],
  ];
  for (const [i, [what, wanted, raw]] of edits.entries()) {
    const doc = `d-${i}`;
    const { events, views } = chainOf(doc, [first, wanted], () => ({}), types);
    const before = views[0] as View;
    const view = following(before, wanted, views[1] as View);
    expect(updateOf(before, view), what).toBeDefined();
    await stored.log.commit(
      [{ event: events[0] as never, view: before, before: "none" }],
      "independent",
      call,
    );
    await byHand(db)
      .collection("notes")
      .updateOne({ _id: doc as never }, raw);
    const changed = await byHand(db)
      .collection("notes")
      .findOne({ _id: doc as never });
    const outcomes = await stored.log.commit(
      [{ event: events[1] as never, view, before }],
      "independent",
      call,
    );
    expect({ what, outcomes }).toEqual({ what, outcomes: [{ event: "stored", view: "drift" }] });
    expect(
      await byHand(db)
        .collection("notes")
        .findOne({ _id: doc as never }),
    ).toEqual(changed);
  }
});

/** The database of a writer who is held up right before each bulk of writes to the views. */
function heldUp(db: Db, meanwhile: () => Promise<unknown>): Db {
  const over = <T extends object>(target: T, replaced: Readonly<Record<string, unknown>>): T =>
    new Proxy(target, {
      get: (_, name) => {
        const own = typeof name === "string" ? replaced[name] : undefined;
        const value: unknown = own ?? Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const collection = (name: string, options: object): Collection => {
    const found = db.collection(name, options);
    const bulkWrite: typeof found.bulkWrite = async (...given) => {
      await meanwhile();
      return found.bulkWrite(...given);
    };
    return name === "notes" ? over(found, { bulkWrite }) : found;
  };
  return over(db, { collection });
}

test("the whole is written over exactly the view that was read: a raw write in between stays", async () => {
  const states: readonly (readonly [what: string, from: PlainObject, to: PlainObject | undefined])[] = [
    ["a whole view", { n: 1, "a.b": 1 }, { n: 2, "a.b": 2 }],
    ["a deletion", { n: 1 }, undefined],
    ["a view that holds NaN", { n: 1, nan: [Number.NaN] }, { n: 2, nan: [Number.NaN] }],
    ["a view with names that are operators", { n: 1, $set: { n: 1 } }, { n: 2, $set: { n: 2 } }],
  ];
  const db = newDatabase();
  const raw = byHand(db).collection<{ _id: string }>("notes");
  const stored = await mongoStorage(db).open("notes", call);
  for (const [i, [what, from, to]] of states.entries()) {
    const doc = `d-${i}`;
    const { events, views } = chainOf(doc, [from, to], () => ({}), types);
    const [first, second] = views as [View, View];
    await stored.log.commit(
      [{ event: events[0] as never, view: first, before: "none" }],
      "independent",
      call,
    );
    let times = 0;
    const meanwhile = async () => ++times === 1 && raw.updateOne({ _id: doc }, { $set: { more: "by hand" } });
    const writer = await mongoStorage(heldUp(db, meanwhile)).open("notes", call);
    expect([what, await writer.views.write(second, "lower", call)]).toEqual([what, "drift"]);
    expect(await raw.findOne({ _id: doc })).toMatchObject({ more: "by hand", n: 1 });
    // nobody in between
    await raw.updateOne({ _id: doc }, { $unset: { more: "" } });
    expect([what, await writer.views.write(second, "lower", call)]).toEqual([what, "current"]);
    expect((await stored.views.get([doc], call))[0]?.state).toEqual(to);
  }
});
