// When a snapshot is taken, and which snapshots stand for a document.
import { describe, expect, test } from "vitest";
import { fold } from "../src/fold/fold.ts";
import { type Folded, nothing } from "../src/fold/folded.ts";
import { afterSnapshot, foldedFrom, type Snapshot, snapshotDue, snapshotOf } from "../src/fold/snapshot.ts";
import { sameStamp, stampOf } from "../src/fold/stamp.ts";
import { eventHash } from "../src/model/record.ts";
import { sizeOf } from "../src/value/size.ts";
import { built, threeEvents, types } from "./built-events.ts";

const events = threeEvents();
const folded = fold(nothing, events, "d", types);
const state = { text: "x".repeat(10_000) };
const size = sizeOf(state, types);
const stampFields = { version: 3, hash: events[2].hash, schema: 3, at: 3_000, by: "user-3", eventId: "e-3" };
const due = (change: Partial<Folded>): boolean =>
  snapshotDue({ ...folded, state, since: 1_000_000, ...change }, types);

describe("a snapshot is due", () => {
  test("where the events since the last one weigh twice the state and 4 KB more", () => {
    expect(due({ since: 2 * size + 4_096 })).toBe(true);
    expect(due({ since: 2 * size + 4_095 })).toBe(false);
    expect(due({ state: {}, since: 2 * sizeOf({}, types) + 4_096 })).toBe(true);
  });

  test("never of a deleted document, and never of a blank", () => {
    expect(due({})).toBe(true);
    expect(due({ state: undefined })).toBe(false);
    expect(due({ changed: folded.version - 1 })).toBe(false);
  });

  test("and where one is taken, the events behind it start counting anew", () => {
    const heavy = { ...folded, state, since: 1_000_000 };
    expect(afterSnapshot(heavy, types)).toEqual({ ...heavy, since: 0 });
    const light = { ...folded, since: 10 };
    expect(afterSnapshot(light, types)).toBe(light);
  });
});

describe("a snapshot", () => {
  const snapshot = snapshotOf(folded, "d", types);
  const event = events[2];

  test("stands for the document that it was taken of", () => {
    expect(snapshot).toMatchObject({ ...stampFields, doc: "d", format: 1 });
    expect(foldedFrom(snapshot, event, types)).toEqual({ ...folded, since: 0 });
    expect(Object.isFrozen(foldedFrom(snapshot, event, types)?.state)).toBe(true);
  });

  test("cannot be taken where there is no state", () => {
    expect(() => snapshotOf({ ...folded, state: undefined }, "d", types)).toThrow(
      "there is no state to keep",
    );
  });

  test("stands for nothing without its event, or beside another one", () => {
    expect(foldedFrom(snapshot, undefined, types)).toBeUndefined();
    expect(foldedFrom(snapshot, events[1], types)).toBeUndefined();
  });

  test.each(["version", "at", "by", "id", "hash", "schema"] as const)(
    "stands for nothing beside an event with another %s",
    (field) => {
      const other = typeof event[field] === "number" ? 77 : "other";
      expect(foldedFrom(snapshot, { ...event, [field]: other }, types)).toBeUndefined();
    },
  );

  test("of a newer format asks for a newer library", () => {
    expect(() => foldedFrom({ ...snapshot, format: 2 }, event, types)).toThrow(
      expect.objectContaining({
        code: "format_too_new",
        message: `The snapshot of document "d" at version 3 has format 2, and this library reads up to 1. Update the library.`,
        details: { id: "d", what: "snapshot", version: 3, found: 2, known: 1 },
      }),
    );
  });

  const damages: Partial<Snapshot>[] = [
    { version: 4 },
    { hash: events[1].hash },
    { schema: 9 },
    { at: 1 },
    { by: "mallory" },
    { by: 3 },
    { eventId: "e-9" },
    { digest: events[1].hash },
    { state: { n: 4 } },
    { state: [] as never },
    { state: { n: Symbol("no value") } as never },
  ];
  test.each(damages)("stands for nothing where a field was changed: %o", (damage) => {
    expect(foldedFrom({ ...snapshot, ...damage }, event, types)).toBeUndefined();
  });

  test("has a digest that depends on the hash of its event", () => {
    const { hash: _, ...other } = { ...event, salt: "b".repeat(22) };
    const hash = eventHash(other, events[1].hash, types);
    const { digest } = snapshotOf({ ...folded, hash }, "d", types);
    expect(digest).not.toBe(snapshot.digest);
  });
});

test("a stamp is the same where each of its facts is, whatever else holds it", () => {
  const stamp = stampOf(folded);
  expect(stamp).toEqual({ ...stampFields, changed: 3 });
  expect(sameStamp(folded, stamp)).toBe(true);
  for (const name of Object.keys(stamp)) expect(sameStamp({ ...stamp, [name]: 77 }, stamp)).toBe(false);
});

test("a blank changes the slot and the hash of a stamp alone", () => {
  const blank = built({ type: "blank", schema: 3 }, events[2]);
  expect(stampOf(fold(folded, [blank], "d", types))).toEqual({
    ...stampOf(folded),
    version: 4,
    hash: blank.hash,
  });
});
