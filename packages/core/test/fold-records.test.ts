// The fold of records gives what the fold of their events gives: the same states, and the same errors in the same words.
import type { StoredEvent } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { fold } from "../src/fold/fold.ts";
import { foldRecords } from "../src/fold/fold-records.ts";
import { nothing } from "../src/fold/folded.ts";
import { recordOf } from "../src/model/record.ts";
import { RecordPage } from "../src/model/record-page.ts";
import { built, threeEvents, types } from "./built-events.ts";

/** Records one behind the other. */
function pageOf(records: readonly Uint8Array[]): RecordPage {
  let end = 0;
  const ends = records.map(({ length }) => {
    end += length;
    return end;
  });
  return new RecordPage({ bytes: Buffer.concat(records), ends });
}

/** A life with everything that a fold follows: blanks, a deletion, a migration, an act, a ref, two patches in one place. */
function aLife(): StoredEvent[] {
  const events: StoredEvent[] = [...threeEvents()];
  const add = (fields: Partial<StoredEvent>): void => {
    events.push(built(fields, events.at(-1)));
  };
  add({ type: "blank", schema: 3 });
  add({
    type: "deleted",
    patches: [{ op: "remove", path: [] }],
    reason: "why",
    meta: { m: [1, { é: "ü" }] },
  });
  add({
    type: "restored",
    patches: [{ op: "replace", path: [], value: { n: { deep: [1, 2] } } }],
    ref: { version: 3, at: 5, event: "e-3" },
    act: "act-1",
  });
  add({
    patches: [
      { op: "add", path: ["n", "deep", 1], value: { a: 1 } },
      { op: "replace", path: ["n", "deep", 1, "a"], value: 2 },
    ],
    migrated: 1,
    schema: 9,
  });
  return events;
}

/** The outcome of work: its value, or the error's class and words. */
function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const events = aLife();
const records = events.map((event) => recordOf(event, types));
const page = pageOf(records);

describe("folding records", () => {
  test("gives what folding their events gives, from every start to every end", () => {
    for (let from = 0; from <= events.length; from++) {
      const start = fold(nothing, events.slice(0, from), "d", types);
      for (let to = from; to <= events.length; to++) {
        const found = foldRecords(start, page.part(from, to), "d", types);
        expect(found).toEqual(fold(start, events.slice(from, to), "d", types));
        expect(found.state === undefined || Object.isFrozen(found.state)).toBe(true);
      }
    }
  });

  test("leaves the state that it starts from as it is", () => {
    const start = fold(nothing, events.slice(0, 6), "d", types);
    const before = structuredClone(start.state);
    foldRecords(start, page.part(6), "d", types);
    expect(start.state).toEqual(before);
  });

  test("refuses another document, a hole, two in the wrong order and one twice, in the words of the fold of events", () => {
    const orders = [
      [1, 2],
      [0, 2],
      [0, 1, 3],
      [1, 0],
      [0, 0],
      [0, 1, 1],
    ];
    for (const places of orders) {
      const chosen = places.map((i) => events[i] as StoredEvent);
      const some = pageOf(places.map((i) => records[i] as Uint8Array));
      const wanted = outcome(() => fold(nothing, chosen, "d", types));
      expect(wanted).toMatch(/^CorruptEventError/);
      expect(outcome(() => foldRecords(nothing, some, "d", types))).toEqual(wanted);
    }
    expect(outcome(() => foldRecords(nothing, page, "other", types))).toEqual(
      outcome(() => fold(nothing, events, "other", types)),
    );
  });

  test("tells an event whose patches do not fit as the fold of events does, whichever of them it is", () => {
    const misfits: StoredEvent["patches"][] = [
      [{ op: "remove", path: ["gone"] }],
      [
        { op: "replace", path: ["n"], value: 7 },
        { op: "add", path: ["n"], value: 8 },
      ],
      [{ op: "replace", path: [], value: 5 }],
    ];
    for (const patches of misfits) {
      const bad = [...events.slice(0, 3), built({ patches }, events[2])];
      const wanted = outcome(() => fold(nothing, bad, "d", types));
      expect(wanted).toMatch(/^CorruptEventError/);
      const some = pageOf(bad.map((event) => recordOf(event, types)));
      expect(outcome(() => foldRecords(nothing, some, "d", types))).toEqual(wanted);
    }
  });
});

test("each flipped bit of a record ends the fold of its page with an error that names document and version", {
  timeout: 60_000,
}, () => {
  const start = fold(nothing, events.slice(0, 5), "d", types);
  const record = Buffer.from(records[5] as Uint8Array);
  const missed: string[] = [];
  for (let bit = 0; bit < record.length * 8; bit++) {
    const damaged = Buffer.from(record);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    try {
      foldRecords(start, pageOf([damaged, records[6] as Uint8Array]), "d", types);
      missed.push(`bit ${bit & 7} of byte ${bit >> 3}`);
    } catch (error) {
      expect(error).toMatchObject({ details: { id: "d", version: 6 } });
    }
  }
  expect(missed).toEqual([]);
});

test("a record that is cut anywhere ends the fold of its page with an error", { timeout: 60_000 }, () => {
  const start = fold(nothing, events.slice(0, 5), "d", types);
  const record = records[5] as Uint8Array;
  for (let length = 0; length < record.length; length++)
    expect(() => foldRecords(start, pageOf([record.subarray(0, length)]), "d", types)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ id: "d", version: 6 }) }),
    );
});
