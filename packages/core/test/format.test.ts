import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decode, encode, type StoredEvent, valueTypes, withoutHistory } from "@everdraft/core/adapter";
import { digestOf, eventHash, sealEvent, type UnhashedEvent } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { fold } from "../src/fold/fold.ts";
import { nothing } from "../src/fold/folded.ts";
import { foldedFrom, snapshotOf } from "../src/fold/snapshot.ts";
import { carryBytes } from "../src/model/carried-bytes.ts";
import { readRecord } from "../src/model/read-record.ts";
import { recordOf } from "../src/model/record.ts";
import { digestOfView } from "../src/port/view-digest.ts";
import { plainValue } from "./vector-values.ts";

const types = valueTypes([]);
const path = fileURLToPath(new URL("../../../docs/format.md", import.meta.url));
const page = readFileSync(path, "utf8");
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] as string));

interface ValueVector {
  readonly value: unknown;
  readonly bytes: string;
  readonly digest: string;
}
interface EventVector {
  readonly event: UnhashedEvent;
  readonly previous: string | null;
  readonly record: string;
  readonly hash: string;
}
interface KeptVector {
  readonly view?: Record<string, unknown>;
  readonly snapshot?: { readonly hash: string; readonly state: unknown };
  readonly digest: string;
}
const [values, events, later, kept] = blocks as [
  readonly ValueVector[],
  readonly EventVector[],
  readonly EventVector[],
  readonly KeptVector[],
];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const slot = { doc: "o-1", version: 4 };

/** The event of a vector, as a writer seals it. */
function sealed({ event, previous }: EventVector): StoredEvent {
  return sealEvent(plainValue(event) as UnhashedEvent, previous, types);
}

describe("the test vectors of docs/format.md", () => {
  test("are there", () => {
    expect(values.length).toBeGreaterThan(15);
    expect(events.length).toBeGreaterThan(3);
    expect(later.length).toBeGreaterThan(5);
    expect(kept).toHaveLength(3);
  });

  test("follow from the words of the page: a script that knows nothing else finds the same", () => {
    const script = fileURLToPath(new URL("recompute-format.py", import.meta.url));
    const count = events.length + later.length;
    expect(execFileSync("python3", [script, path], { encoding: "utf8" })).toBe(
      `${values.length} values, ${count} events, ${kept.length} digests\n`,
    );
  });

  test.each(values)("$value has these bytes and this digest", ({ value, bytes, digest }) => {
    const plain = plainValue(value);
    expect(hex(encode(plain, types))).toBe(bytes);
    expect(digestOf(plain, types)).toBe(digest);
    expect(decode(Buffer.from(bytes, "hex"), types)).toEqual(plain);
  });

  test.each([...events, ...later])(
    "the $event.type event of version $event.version has this record and hash",
    (vector) => {
      const event = plainValue(vector.event) as UnhashedEvent;
      expect(eventHash(event, vector.previous, types)).toBe(vector.hash);
      expect(hex(recordOf({ ...event, hash: vector.hash }, types))).toBe(vector.record);
      expect(hex(recordOf(sealed(vector), types))).toBe(vector.record);
      const read = readRecord(Buffer.from(vector.record, "hex"), slot, types);
      expect(read).toEqual({ ...event, hash: vector.hash });
      expect(eventHash(read, vector.previous, types)).toBe(vector.hash);
    },
  );

  test.each(["schema", "format"])("no event has a %s that its record would cut off", (field) => {
    const [vector] = events as [(typeof events)[number]];
    const event = plainValue(vector.event) as UnhashedEvent;
    for (const value of [1.5, -1, 2 ** 32 + 1, Number.NaN])
      expect(() => eventHash({ ...event, [field]: value }, vector.previous, types)).toThrow(TypeError);
  });

  test("the snapshot and the views have these digests", () => {
    const folded = fold(nothing, events.map(sealed), "o-1", types);
    const [snapshot, view, deleted] = kept;
    expect(snapshotOf(folded, "o-1", types).digest).toBe(snapshot?.digest);
    for (const vector of [view, deleted]) {
      const { head, state, ...facts } = vector?.view ?? {};
      const hash = String(head);
      const given = { ...withoutHistory, ...facts, hash, id: "o-1", state: plainValue(state) } as never;
      expect(digestOfView(given, types)).toBe(vector?.digest);
    }
  });
});

describe("an event whose payload is gone", () => {
  const before = fold(nothing, events.slice(0, 3).map(sealed), "o-1", types);
  const [erased, replaced, ...parts] = later.map(sealed) as [StoredEvent, StoredEvent, ...StoredEvent[]];

  test("keeps its hash, so the chain still links; the state behind it is refused by an ErasedError that names it", () => {
    expect(erased.hash).toBe(events[3]?.hash);
    expect(() => fold(before, [erased], "o-1", types)).toThrow(
      expect.objectContaining({
        code: "erased",
        details: { id: "o-1", version: 4, eventId: "import-example" },
      }),
    );
    const other = { ...erased, at: erased.at + 1 };
    expect(() => fold(before, [other], "o-1", types)).toThrow(
      expect.objectContaining({ code: "corrupt_event" }),
    );
  });

  const named = ["a tenant", "an encrypted payload", "a base", "a list of digests", "a tenant"];
  const refused: [part: string, event: StoredEvent][] = [
    ["a replaced payload", replaced],
    ...named.map((part, i): [string, StoredEvent] => [part, parts[i] as StoredEvent]),
  ];
  test.each(refused)("or that holds %s is refused, and the error names the part", (part, event) => {
    expect(() => fold(before, [event], "o-1", types)).toThrow(
      expect.objectContaining({
        code: "format_too_new",
        details: expect.objectContaining({ id: "o-1", version: 4, eventId: "import-example", part }),
        message: expect.stringContaining(`holds ${part}, which this library does not read yet`),
      }),
    );
  });
});

test("the mark of an erased value is refused as too new, in events, and as no canonical bytes elsewhere", () => {
  const record = Buffer.from((events[0] as EventVector).record, "hex");
  const start = record.readUInt32BE(4) + 32 + 1 + 16;
  const marked = Buffer.concat([record.subarray(0, start), Uint8Array.of(9)]);
  expect(() => readRecord(marked, slot, types)).toThrow(
    expect.objectContaining({ code: "format_too_new", message: expect.stringContaining("an erased value") }),
  );
  expect(() => decode(Uint8Array.of(9), types)).toThrow(TypeError);
});

test("each flipped bit of a record is noticed by whoever folds it", { timeout: 60_000 }, () => {
  const before = fold(nothing, events.slice(0, 3).map(sealed), "o-1", types);
  const record = Buffer.from((events[3] as EventVector).record, "hex");
  const state = fold(before, [readRecord(record, slot, types)], "o-1", types);
  expect(state.version).toBe(4);
  const missed: string[] = [];
  for (let i = 0; i < record.length * 8; i++) {
    const damaged = Buffer.from(record);
    damaged[i >> 3] = (damaged[i >> 3] as number) ^ (1 << (i & 7));
    try {
      fold(before, [readRecord(damaged, slot, types)], "o-1", types);
      missed.push(`bit ${i & 7} of byte ${i >> 3}`);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(corrupt_event|format_too_new|erased)$/) });
    }
  }
  expect(missed).toEqual([]);
});

test("each flipped bit of a snapshot's state, hash or digest is noticed by whoever starts from it", {
  timeout: 60_000,
}, () => {
  const all = events.map(sealed);
  const folded = fold(nothing, all, "o-1", types);
  const snapshot = snapshotOf(folded, "o-1", types);
  expect(foldedFrom(snapshot, all[3], types)?.state).toEqual(folded.state);
  const bytes = encode(snapshot.state, types);
  for (let i = 0; i < bytes.length * 8; i++) {
    const damaged = Uint8Array.from(bytes);
    damaged[i >> 3] = (damaged[i >> 3] as number) ^ (1 << (i & 7));
    let state: unknown;
    try {
      state = decode(damaged, types);
    } catch {
      // noticed where it is decoded
      continue;
    }
    const read = carryBytes({ ...snapshot, state: state as never }, damaged);
    expect(foldedFrom(read, all[3], types)).toBeUndefined();
  }
  for (const field of ["digest", "hash"] as const) {
    const text = snapshot[field];
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === "A" ? "B" : "A";
      const damaged = { ...snapshot, [field]: text.slice(0, i) + other + text.slice(i + 1) };
      expect(foldedFrom(damaged, all[3], types)).toBeUndefined();
    }
  }
});
