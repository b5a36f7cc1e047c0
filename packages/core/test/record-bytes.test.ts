// The bytes of a record are those that docs/format.md says: here they are put together from its tables.
import { readFileSync } from "node:fs";
import { encode, type StoredEvent, type StoredEventType } from "@everdraft/core/adapter";
import { eventHash, sealEvent, type UnhashedEvent } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { RecordFault } from "../src/model/header.ts";
import { readRecord } from "../src/model/read-record.ts";
import { actDigest, eventBytes, linkedBytes, newSalt, recordOf } from "../src/model/record.ts";
import { types } from "./built-events.ts";
import { Money, oddTypes } from "./odd-types.ts";
import { headerOf, type RecordParts, recordOfParts, sha256 } from "./support/record-parts.ts";

const page = readFileSync(new URL("../../../docs/format.md", import.meta.url), "utf8");

/** The names in a row of the page's tables, each with its number. */
function numbersIn(row: RegExp): ReadonlyMap<string, number> {
  const [, found = ""] = row.exec(page) ?? [];
  return new Map(found.split(", ").map((entry) => [entry.replace(/ \d+$/, ""), Number(/\d+$/.exec(entry))]));
}
const flagOf = numbersIn(/flags of the optional fields: ([^|]*) \|/);
const numberOf = numbersIn(/\| type: ([^|]*) \|/);

const slot = { doc: "d", version: 2 };
const previous = Buffer.alloc(32, 7).toString("base64url");
const event: UnhashedEvent = {
  doc: "d",
  by: "alice",
  id: "e-2",
  version: 2,
  at: 2000,
  type: "edited",
  schema: 1,
  format: 1,
  salt: Buffer.alloc(16, 9).toString("base64url"),
  patches: [],
};
const optional = {
  act: "act-1",
  ref: { version: 1, at: 5, event: "e-1" },
  migrated: 0,
  tenant: "t",
  keyId: "k",
  base: { version: 2, hash: "h" },
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** Both ways of a record: written it has these bytes, and read again it is the same event. */
function hasBytes(fields: Partial<UnhashedEvent>, parts: Partial<RecordParts>): void {
  const wanted = recordOfParts(parts);
  const sealed = sealEvent({ ...event, ...fields }, previous, oddTypes);
  expect(hex(recordOf({ ...sealed }, oddTypes))).toBe(hex(wanted));
  expect(hex(recordOf(sealed, oddTypes))).toBe(hex(wanted));
  const read = readRecord(wanted, slot, oddTypes);
  expect(read).toStrictEqual(sealed);
  expect(Object.isFrozen(sealed) && Object.isFrozen(read)).toBe(true);
  expect(eventBytes({ ...sealed }, oddTypes)).toBe(wanted.length);
}

describe("a record has the bytes of docs/format.md", () => {
  test("with each choice of the optional fields", () => {
    expect([...flagOf.keys()]).toEqual(Object.keys(optional));
    for (let flags = 0; flags < 64; flags++) {
      const chosen = Object.entries(optional).filter(([name]) => (flags & (flagOf.get(name) ?? 0)) !== 0);
      const list = encode(["d", "alice", "e-2", ...chosen.map(([, value]) => value)], types);
      hasBytes(Object.fromEntries(chosen), { flags, list });
    }
  });

  test("with each type", () => {
    expect(numberOf.size).toBe(13);
    for (const [type, number] of numberOf) hasBytes({ type: type as StoredEventType }, { type: number });
  });

  test("with each part of the payload", () => {
    const patches = [{ op: "replace", path: ["n"], value: 1 }] as const;
    const parts = { reason: "why", meta: { m: [1] }, given: "g", list: ["x", "y"] };
    hasBytes({ patches, ...parts }, { payload: encode({ patches, ...parts }, types) });
    for (const [name, value] of Object.entries(parts))
      hasBytes({ [name]: value }, { payload: encode({ patches: [], [name]: value }, types) });
  });

  test("with ids that are texts, numbers and an adapter's own, short and long", () => {
    const ids = ["", "é", "x".repeat(127), "x".repeat(128), "x".repeat(1024), 7, -1, new Money(3)];
    for (const doc of ids)
      for (const by of ids) {
        const id = `e-${"i".repeat(126)}`;
        hasBytes({ doc, by, id }, { list: encode([doc, by, id], oddTypes) });
      }
  });

  test("with the numbers at the ends of their ranges", () => {
    for (const schema of [1, 2 ** 31, 2 ** 32 - 1]) hasBytes({ schema }, { schema });
    for (const version of [1, 2 ** 32, Number.MAX_SAFE_INTEGER]) hasBytes({ version }, { version });
    for (const at of [-8.64e15, -1, 0, 8.64e15]) hasBytes({ at }, { at });
  });

  test("with a payload that was replaced, and the digest of the one that was stored", () => {
    const digest = Buffer.alloc(32, 3);
    const payload = { kind: "replaced", digest: text(digest) } as const;
    hasBytes({ payload }, { digest, state: 2 });
  });

  test("with a payload that was erased: it ends with its state", () => {
    const digest = Buffer.alloc(32, 3);
    const payload = { kind: "erased", digest: text(digest) } as const;
    hasBytes({ payload, salt: "" }, { digest, state: 1, salt: Buffer.alloc(0), payload: Buffer.alloc(0) });
  });
});

describe("an event has no record", () => {
  const faults: readonly (readonly [string, Partial<UnhashedEvent>])[] = [
    ["where its schema is above 32 bits", { schema: 2 ** 32 }],
    ["where its schema is below 0", { schema: -1 }],
    ["where its schema is no whole number", { schema: 1.5 }],
    ["where its format is above 8 bits", { format: 256 }],
    ["where its salt is shorter than 16 bytes", { salt: text(Buffer.alloc(15)) }],
    ["where its salt is longer than 16 bytes", { salt: text(Buffer.alloc(17)) }],
    ["where the digest of its payload is none", { payload: { kind: "erased", digest: "AA" } }],
    ["where the digest of its replaced payload is none", { payload: { kind: "replaced", digest: "AA" } }],
  ];
  test.each(faults)("%s", (_, fields) => {
    const unhashed = { ...event, ...fields };
    const expected = /whole numbers of 8 and 32 bits|(16|32) bytes are expected/;
    expect(() => sealEvent(unhashed, previous, types)).toThrow(expected);
    expect(() => eventHash(unhashed, previous, types)).toThrow(TypeError);
  });

  test("where its hash is none", () => {
    expect(() => recordOf({ ...event, hash: "AA" }, types)).toThrow("32 bytes are expected");
  });
});

describe("the hash of an event", () => {
  const hashOf = (before: string | null, fields: Partial<UnhashedEvent> = {}): string =>
    eventHash({ ...event, ...fields }, before, types);

  test("is that of the hash before and the header; before version 1 that is 32 zero bytes", () => {
    const header = headerOf(recordOfParts());
    const first = text(sha256(Buffer.concat([Buffer.alloc(32), header])));
    // the zeros stand where the hash before stood in the call before
    expect(hashOf(previous)).toBe(text(sha256(Buffer.concat([Buffer.alloc(32, 7), header]))));
    expect(hashOf(null)).toBe(first);
    expect(hashOf(previous)).not.toBe(first);
    expect(hashOf("")).toBe(first);
    expect(sealEvent(event, null, types).hash).toBe(first);
    expect(sealEvent(event, previous, types).hash).toBe(hashOf(previous));
  });

  test("is that of the whole header, however long it is", () => {
    for (const length of [4_000, 4_100, 9_000, 100, 60_000]) {
      const act = "a".repeat(length);
      const parts = { flags: 1, list: encode(["d", "alice", "e-2", act], types) };
      const header = headerOf(recordOfParts(parts));
      expect(hashOf(previous, { act })).toBe(text(sha256(Buffer.concat([Buffer.alloc(32, 7), header]))));
    }
  });

  test("does not follow from a text before it that is no hash", () => {
    for (const before of ["AA", "-", text(Buffer.alloc(31))])
      expect(() => hashOf(before)).toThrow("32 bytes are expected");
  });
});

describe("an event that carries its record", () => {
  const carried = (parts: Partial<RecordParts> = {}): StoredEvent =>
    readRecord(recordOfParts(parts), slot, types);
  const { length } = recordOfParts();

  test("has the size of it where its hash follows from the one before, and no size elsewhere", () => {
    const read = carried();
    for (const found of [read, { ...read }]) {
      expect(linkedBytes(found, previous, types)).toBe(length);
      expect(linkedBytes(found, text(Buffer.alloc(32, 8)), types)).toBeUndefined();
      expect(linkedBytes(found, "", types)).toBeUndefined();
    }
    expect(linkedBytes({ ...read, at: 1 }, previous, types)).toBeUndefined();
    expect(linkedBytes(carried({ state: 2 }), previous, types)).toBe(length);
  });

  test("has no hash where its payload is not that of its digest, unless the record says so", () => {
    const digest = Buffer.alloc(32, 3);
    const damaged = carried({ digest });
    const expected = new RecordFault("its payload is not the one that its digest stands for");
    expect(() => eventHash(damaged, previous, types)).toThrow(expected);
    expect(() => linkedBytes(damaged, previous, types)).toThrow(expected);
    const gone = { digest, state: 1, salt: Buffer.alloc(0), payload: Buffer.alloc(0) };
    for (const parts of [{ digest, state: 2 }, gone]) {
      const found = carried(parts);
      expect(eventHash(found, previous, types)).toBe(found.hash);
      expect(linkedBytes(found, previous, types)).toBe(recordOfParts(parts).length);
    }
  });

  test("gives the same bytes again", () => {
    const record = recordOfParts();
    expect(recordOf(readRecord(record, slot, types), types)).toBe(record);
  });
});

test("each salt is 16 bytes of its own", () => {
  const salts = Array.from({ length: 2_000 }, newSalt);
  expect(new Set(salts).size).toBe(salts.length);
  for (const salt of salts) expect(Buffer.from(salt, "base64url")).toHaveLength(16);
  // of random bytes each value of 256 comes up
  expect(new Set(salts.flatMap((salt) => [...Buffer.from(salt, "base64url")])).size).toBe(256);
});

test("the digest of a call is that of salt and call, with its argument where it has one", () => {
  const salt = Buffer.alloc(16, 5);
  for (const call of [["delete"], ["create", { n: 1 }]] as const)
    expect(actDigest(call, text(salt), types)).toBe(text(sha256(Buffer.concat([salt, encode(call, types)]))));
  expect(() => actDigest(["delete"], "AA", types)).toThrow("16 bytes are expected");
});
