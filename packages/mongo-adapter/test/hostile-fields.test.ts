// Whoever may write to the database can put anything into the log. What is read then is what was stored, or an error
// that says which document cannot be trusted; never something else.
import { createStore, type Store } from "@everdraft/core";
import { Code, type Document, Double, Long, MinKey, ObjectId, Timestamp } from "mongodb";
import { expect, test, vi } from "vitest";
import { answers, verdictOf } from "../../sqlite-adapter/test/support/hostile.ts";
import { mongoStorage } from "../src/index.ts";
import { byHand, newDatabase } from "./support/database.ts";

vi.setConfig({ testTimeout: 240_000 });

type Note = Record<string, unknown>;
type Place = readonly (string | number)[];

const versions = [1, 2, 3];

/** A document in three versions, with every field that an event may have. */
async function written(store: Store<Note>): Promise<void> {
  const first = { text: "é", n: 1.5, when: new Date(5), list: [{ id: "a" }, null] };
  await store.create("n-1", "alice", first, { reason: "begins", meta: { desk: 1 } });
  await store.edit("n-1", "bob", (draft) => void Object.assign(draft, { n: 2, more: [true] }), { key: "k" });
  await store.revert("n-1", "erin", { version: 1 });
}

/** Every place in a document, its leaves and what holds them. */
function* placesOf(value: unknown, place: Place = []): Generator<Place> {
  if (place.length > 0) yield place;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* placesOf(item, [...place, i]);
  else if (value?.constructor === Object)
    for (const [key, item] of Object.entries(value)) yield* placesOf(item, [...place, key]);
}

/** The document with another value at a place; without the place, where there is none. */
function withValue(document: Document, place: Place, value?: unknown): Document {
  const copy: Document = structuredClone(document);
  let inner: Document = copy;
  for (const step of place.slice(0, -1)) inner = inner[step] as Document;
  const last = place.at(-1) as string | number;
  if (value !== undefined) inner[last] = value;
  else if (Array.isArray(inner)) inner.splice(Number(last), 1);
  else delete inner[last];
  return copy;
}

const alien = [
  new ObjectId("0123456789abcdef01234567"),
  new Code("x"),
  new Timestamp({ t: 1, i: 1 }),
  new MinKey(),
];
const isWhole = process.env.EVERDRAFT_WHOLE === "1";

/** Values that are not the one that was there, nor equal to it; of the alien kinds each place has its turn with one. */
function* damagesOf(value: unknown, turn: number): Generator<unknown> {
  if (typeof value === "number")
    yield* [value + 1, new Double(value + 0.5), Long.fromNumber(value + 2 ** 40)];
  else if (typeof value === "string") yield* [`${value}x`, "", { $ne: value }];
  else if (value instanceof Date) yield* [new Date(value.getTime() + 1), value.getTime()];
  else yield* [5, [[]], { $ne: null }];
  yield* isWhole ? alien : [alien[turn % alien.length]];
  if (value !== null) yield null;
}

test("no field of a stored event can be changed so that something wrong is read", async () => {
  const db = newDatabase();
  const storage = mongoStorage(db);
  const open = () => createStore<Note>({ collection: "notes", storage, cache: { maxBytes: 0 } });
  await written(open());
  const store = open();
  const truth = await answers(store, versions);
  expect(truth).not.toContain("refused");

  const events = byHand(db).collection("notes.events");
  let [changed, refused] = [0, 0];
  for (const version of versions) {
    const before = (await events.findOne({ version })) as Document;
    const damaged = [...placesOf(before)].flatMap((place, turn) => {
      let there: unknown = before;
      for (const step of place) there = (there as Document)[step];
      const all = [undefined, ...damagesOf(there, turn + version)].map((value) => ({ place, value }));
      return place[0] === "_id" ? all.filter(({ value }) => value !== undefined) : all;
    });
    for (const { place, value } of damaged) {
      await events.deleteOne({ version });
      const hostile = withValue(before, place, value);
      try {
        await events.insertOne(hostile);
      } catch {
        // the server's own rules refuse it
        await events.insertOne(before);
        continue;
      }
      changed++;
      for (const [i, answer] of (await answers(store, versions)).entries()) {
        if (answer === "refused") refused++;
        else
          expect({ version, place, value, i, answer }).toEqual({
            version,
            place,
            value,
            i,
            answer: truth[i],
          });
      }
      const verified = await verdictOf(store);
      expect({ version, place, value, verified }).not.toMatchObject({ verified: "whole" });
      await events.deleteOne({ _id: hostile._id });
      await events.insertOne(before);
    }
  }
  expect(await answers(store, versions)).toEqual(truth);
  expect(changed).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(changed);
  await store.close();
});
