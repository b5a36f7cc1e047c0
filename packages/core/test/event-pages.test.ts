// A page of records and a list of events give the same answers: those of each record alone.
import { CorruptEventError, encode, type StoredEvent } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import type { EventPage } from "../src/fold/fold-page.ts";
import { eventList } from "../src/model/event-list.ts";
import { readRecord } from "../src/model/read-record.ts";
import { recordOf } from "../src/model/record.ts";
import { recordPage } from "../src/model/record-page.ts";
import { built, types } from "./built-events.ts";
import { thrownBy } from "./odd-types.ts";
import { recordOfParts } from "./support/record-parts.ts";
import { recordBytes } from "./support/wrapped-memory.ts";

/** Five events, whose records have five lengths. */
function fiveEvents(): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (const reason of ["", "a", "bb", "x".repeat(200), "dddd"])
    events.push(built({ reason, at: 1000 + events.length, act: "act".repeat(events.length) }, events.at(-1)));
  return events;
}
const events = fiveEvents();
const records = events.map((event) => recordOf(event, types));
const bytes = recordBytes(records);
const pages: readonly (readonly [string, EventPage])[] = [
  ["records", recordPage(bytes)],
  ["events", eventList(events)],
];

/** The answers of a page about each of its events. */
function answers(page: EventPage): readonly unknown[] {
  return Array.from({ length: page.length }, (_, i) => {
    const version = page.version(i);
    const event = page.event(i, "d", version, types);
    return { version, at: page.at(i), id: page.id(i, "d", version, types), event };
  });
}
const expected = events.map((event) => ({ version: event.version, at: event.at, id: event.id, event }));

describe.each(pages)("a page of %s", (kind, page) => {
  test("answers as its events do, each by itself", () => {
    expect(page).toMatchObject({ kind, length: 5, isCut: false });
    expect(answers(page)).toEqual(expected);
  });

  test("has parts that answer as its events from there to there, and so have its parts", () => {
    for (let from = 0; from <= 5; from++) {
      expect(answers(page.part(from))).toEqual(expected.slice(from));
      for (let to = from; to <= 5; to++) {
        const part = page.part(from, to);
        expect(part).toMatchObject({ kind, length: to - from, isCut: false });
        expect(answers(part)).toEqual(expected.slice(from, to));
        for (let inner = 0; inner <= to - from; inner++) {
          expect(answers(part.part(inner))).toEqual(expected.slice(from + inner, to));
          expect(answers(part.part(0, inner))).toEqual(expected.slice(from, from + inner));
        }
      }
    }
  });

  test("has neither a version nor a time behind its end", () => {
    expect(page.version(5)).toBeNaN();
    expect(page.at(5)).toBeNaN();
    expect([page.part(2, 2).length, answers(page.part(5))]).toEqual([0, []]);
  });
});

test("a list has no event and no id behind its end", () => {
  const list = eventList(events);
  expect([list.id(5), list.event(5)]).toEqual([undefined, undefined]);
  expect(list.events).toBe(events);
  expect(list.part(1, 3).events).toEqual(events.slice(1, 3));
});

describe("a page of records", () => {
  test("says where each record begins and ends, in its parts too", () => {
    const page = recordPage(bytes);
    let end = 0;
    for (const [i, record] of records.entries()) {
      expect([page.start(i), page.end(i)]).toEqual([end, end + record.length]);
      end += record.length;
      expect(Buffer.compare(page.bytes.subarray(page.start(i), page.end(i)), record)).toBe(0);
      const part = page.part(i);
      expect([part.bytes, part.start(0), part.end(0)]).toEqual([page.bytes, page.start(i), page.end(i)]);
    }
  });

  test("says whether the storage left out more, and its parts say that nothing was left out", () => {
    const page = recordPage({ ...bytes, isCut: true });
    expect([page.isCut, page.part(0).isCut, recordPage(bytes).isCut]).toEqual([true, false, false]);
  });

  test("reads records that stand anywhere in the memory of other bytes", () => {
    const around = new Uint8Array(bytes.bytes.length + 7);
    around.set(bytes.bytes, 5);
    const within = around.subarray(5, 5 + bytes.bytes.length);
    expect(answers(recordPage({ bytes: within, ends: bytes.ends }))).toEqual(expected);
  });

  test("has a version and a time of a record that is as long as its numbers and its hash, and none of a shorter one", () => {
    const shortest = recordOfParts({ list: new Uint8Array(0) }).subarray(0, 92);
    const page = recordPage(recordBytes([shortest, shortest.subarray(0, 91), shortest]));
    expect([page.version(0), page.version(1), page.version(2)]).toEqual([2, Number.NaN, 2]);
    expect([page.at(0), page.at(1), page.at(2)]).toEqual([2000, Number.NaN, 2000]);
  });

  test("refuses an event and an id with the error of the record alone, which names the version asked for", () => {
    const fine = recordOfParts();
    const list = (value: unknown): Buffer => recordOfParts({ list: encode(value, types) });
    const bad = [
      ...[0, 1, 20, 60, fine.length - 40, fine.length - 60].map((length) => fine.subarray(0, length)),
      ...[list(["d", true, "e-2"]), list(["d", "alice", 7]), list("d")],
      ...[0, 59, 1_000, 2 ** 32 - 1].map((headerLength) => recordOfParts({ headerLength })),
      recordOfParts({ format: 0 }),
    ];
    for (const record of bad) {
      const page = recordPage(recordBytes([fine, record, fine]));
      const alone = thrownBy(() => readRecord(record, { doc: "d", version: 9 }, types));
      expect(alone).toBeInstanceOf(CorruptEventError);
      expect(alone).toMatchObject({ details: { id: "d", version: 9 } });
      expect(thrownBy(() => page.event(1, "d", 9, types))).toEqual(alone);
      expect(thrownBy(() => page.id(1, "d", 9, types))).toEqual(alone);
      for (const i of [0, 2]) expect(page.id(i, "d", 2, types)).toBe("e-2");
    }
  });
});
