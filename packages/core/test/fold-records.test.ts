// The fold of records gives what the fold of their events gives: the same states, and the same errors in the same words.
import { createHash } from "node:crypto";
import type { StoredEvent } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { fold } from "../src/fold/fold.ts";
import { foldRecords } from "../src/fold/fold-records.ts";
import { nothing } from "../src/fold/folded.ts";
import { digestLength, place } from "../src/model/header.ts";
import { readRecord } from "../src/model/read-record.ts";
import { eventHash, recordOf } from "../src/model/record.ts";
import { type RecordPage, recordPage } from "../src/model/record-page.ts";
import { encode, tag } from "../src/value/canonical.ts";
import { built, threeEvents, types } from "./built-events.ts";
import { recordBytes } from "./support/wrapped-memory.ts";

/** A page of these records. */
const pageOf = (records: readonly Uint8Array[]): RecordPage => recordPage(recordBytes(records));

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

  test("makes no events of records that are as they should be", () => {
    const event = (): never => expect.unreachable("an event was made");
    for (let from = 0; from < events.length; from++) {
      const start = fold(nothing, events.slice(0, from), "d", types);
      const found = foldRecords(start, { ...page.part(from), event }, "d", types);
      expect(found.version).toBe(events.length);
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

/** The record of an event whose header or payload was changed and whose hash is right all the same. */
function crafted(event: StoredEvent, previous: string, change: (header: Buffer) => Buffer): Buffer {
  const record = Buffer.from(recordOf(event, types));
  const end = record.readUInt32BE(place.headerLength);
  const header = change(Buffer.from(record.subarray(0, end)));
  header.writeUInt32BE(header.length, place.headerLength);
  const hash = sha256(Buffer.concat([Buffer.from(previous, "base64url"), header]));
  return Buffer.concat([header, hash, record.subarray(end + digestLength)]);
}

function hashIn(record: Buffer): string {
  const end = record.readUInt32BE(place.headerLength);
  return record.toString("base64url", end, end + digestLength);
}

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Changes one byte. */
const byte = (at: number, value: number) => (header: Buffer) => {
  header[at] = value;
  return header;
};
/** Another list behind the numbers. */
const list = (content: unknown) => (header: Buffer) =>
  Buffer.concat([header.subarray(0, place.list), encode(content, types)]);

describe("a record with a right hash is refused in a page, too, where", () => {
  const [first, second, third] = threeEvents();
  const headers: Readonly<Record<string, (header: Buffer) => Buffer>> = {
    "a flag stands for a field that its list does not hold": byte(place.flags + 1, 1),
    "its list holds a field without a flag": list(["d", "user-2", "e-2", "act-2"]),
    "its list holds fewer than three": list(["d", "user-2"]),
    "its list counts one more than it holds": byte(place.list + 1, 4),
    "its list counts one less than it holds": byte(place.list + 1, 2),
    "its list is an object": byte(place.list, tag.object),
    "bytes are left over behind its list": (header) => Buffer.concat([header, Buffer.of(0)]),
    "its list is cut": (header) => header.subarray(0, -1),
    "its user is no id": list(["d", true, "e-2"]),
    "its id is no text": list(["d", "user-2", 2]),
    "its act is no text": (header) => byte(place.flags + 1, 1)(list(["d", "user-2", "e-2", 7])(header)),
    "its flags are of a newer version": byte(place.flags, 1),
  };
  for (const [title, change] of Object.entries(headers))
    test(title, () => refusesSecond(crafted(second, first.hash, change)));

  const contents: Readonly<Record<string, object>> = {
    "its reason is no text": { reason: 5 },
    "its meta is no object": { meta: [1] },
    "its given is no text": { given: 1 },
    "its list of digests is none": { list: [1] },
  };
  for (const [title, content] of Object.entries(contents))
    test(title, () => {
      const payload = encode({ patches: second.patches, ...content }, types);
      const salted = Buffer.concat([Buffer.from(second.salt, "base64url"), payload]);
      const record = crafted(second, first.hash, (header) => {
        header.set(sha256(salted), place.digest);
        return header;
      });
      const rest = record.readUInt32BE(place.headerLength) + digestLength + 1;
      refusesSecond(Buffer.concat([record.subarray(0, rest), salted]));
    });

  /** The event behind it is folded onto it where it passes. */
  function refusesSecond(record: Buffer): void {
    const { hash: _, ...behind } = third;
    const next = { ...behind, hash: eventHash(behind, hashIn(record), types) };
    const all = [recordOf(first, types), record, recordOf(next, types)];
    const wanted = outcome(() =>
      fold(
        nothing,
        all.map((bytes, i) => readRecord(bytes, { doc: "d", version: i + 1 }, types)),
        "d",
        types,
      ),
    );
    expect(wanted).toMatch(/^(CorruptEventError|FormatTooNewError): .*version 2/);
    expect(outcome(() => foldRecords(nothing, pageOf(all), "d", types))).toEqual(wanted);
  }
});

test("a record with a right hash whose header is changed within what is read folds in a page as by itself", () => {
  const [first, second] = threeEvents();
  for (const content of [
    ["d", "user-2", "e-2"],
    ["d", 7, "e-2"],
    ["d", "u".repeat(200), "e-2"],
    ["d", "é", "e-2"],
  ]) {
    const record = crafted(second, first.hash, list(content));
    const page = pageOf([recordOf(first, types), record]);
    const events = [first, readRecord(record, { doc: "d", version: 2 }, types)];
    expect(foldRecords(nothing, page, "d", types)).toEqual(fold(nothing, events, "d", types));
  }
});
