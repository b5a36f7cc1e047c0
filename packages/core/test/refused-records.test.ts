// A record whose bytes are not those of docs/format.md is refused, by an error that names the slot and the fault.
import { isDeepStrictEqual } from "node:util";
import { CorruptEventError, encode, FormatTooNewError } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { decodeHeader, headerLength, isHeader, namesIn } from "../src/model/header.ts";
import { readRecord, readSearched } from "../src/model/read-record.ts";
import { linkedBytes } from "../src/model/record.ts";
import { Money, oddTypes as types } from "./odd-types.ts";
import { headerOf, type RecordParts, recordOfParts } from "./support/record-parts.ts";

const slot = { doc: "d-of-the-slot", version: 17 };
const bytesOf = (value: unknown): Uint8Array => encode(value, types);
const list = (...values: readonly unknown[]): Uint8Array => bytesOf(["d", "alice", "e-2", ...values]);
const content = (fields: object): Uint8Array => bytesOf({ patches: [], ...fields });
const none = Buffer.alloc(0);

/** Refused as damaged, with this reason. */
function damaged(record: Uint8Array, reason: string): void {
  expect(() => readRecord(record, slot, types)).toThrow(
    new CorruptEventError({ id: slot.doc, version: slot.version, reason }),
  );
}

/** Refused as too new, with the part that is. */
function tooNew(record: Uint8Array, part: string): void {
  const details = { id: slot.doc, version: slot.version, what: "event", found: 1, known: 1, part } as const;
  expect(() => readRecord(record, slot, types)).toThrow(new FormatTooNewError(details));
}

describe("a record is refused as damaged where", () => {
  const cases: readonly (readonly [string, reason: string, Partial<RecordParts>])[] = [
    ["its format is 0", "its format is unknown", { format: 0 }],
    ["its document is no id", "its doc or by is no id", { list: bytesOf([true, "alice", "e-2"]) }],
    ["its document is null", "its doc or by is no id", { list: bytesOf([null, "alice", "e-2"]) }],
    ["its user is no id", "its doc or by is no id", { list: bytesOf(["d", false, "e-2"]) }],
    ["its user is null", "its doc or by is no id", { list: bytesOf(["d", null, "e-2"]) }],
    ["its list is empty", "its doc or by is no id", { list: bytesOf([]) }],
    ["its id is a number", "its id is no text", { list: bytesOf(["d", "alice", 2]) }],
    ["its id is missing", "its id is no text", { list: bytesOf(["d", "alice"]) }],
    ["it has a field without a flag", "its flags and fields do not match", { list: list("act-2") }],
    ["it has a flag without a field", "its flags and fields do not match", { flags: 1 }],
    ["it has two flags and one field", "its flags and fields do not match", { flags: 3, list: list("a") }],
    ["its header holds an object", "its header holds no list", { list: bytesOf({ length: 3 }) }],
    ["its header holds a text", "its header holds no list", { list: bytesOf("abc") }],
    ["its header holds nothing", "its header cannot be decoded", { list: none }],
    ["its list is cut", "its header cannot be decoded", { list: list().subarray(0, -1) }],
    ["its act is a number", "its act has another type", { flags: 1, list: list(5) }],
    ["its act is a ref", "its act has another type", { flags: 1, list: list({ version: 1 }) }],
    ["its ref is a text", "its ref has another type", { flags: 2, list: list("r") }],
    ["its ref is null", "its ref has another type", { flags: 2, list: list(null) }],
    ["its ref has no version", "its ref has another type", { flags: 2, list: list({ at: 1 }) }],
    ["its ref's version is a text", "its ref has another type", { flags: 2, list: list({ version: "1" }) }],
    ["its migrated is a text", "its migrated has another type", { flags: 4, list: list("1") }],
    ["its migrated is true", "its migrated has another type", { flags: 4, list: list(true) }],
    ["its tenant is a number", "its tenant has another type", { flags: 8, list: list(1) }],
    [
      "its tenant is a base",
      "its tenant has another type",
      { flags: 8, list: list({ version: 1, hash: "h" }) },
    ],
    ["its keyId is an object", "its keyId has another type", { flags: 16, list: list({}) }],
    ["its base is a text", "its base has another type", { flags: 32, list: list("b") }],
    ["its base is null", "its base has another type", { flags: 32, list: list(null) }],
    ["its base has no hash", "its base has another type", { flags: 32, list: list({ version: 1 }) }],
    ["its base has no version", "its base has another type", { flags: 32, list: list({ hash: "h" }) }],
    [
      "its base's version is a text",
      "its base has another type",
      { flags: 32, list: list({ version: "1", hash: "h" }) },
    ],
    [
      "its base's hash is a number",
      "its base has another type",
      { flags: 32, list: list({ version: 1, hash: 1 }) },
    ],
    ["its payload is a list", "its payload is no object", { payload: bytesOf([]) }],
    ["its payload is null", "its payload is no object", { payload: bytesOf(null) }],
    ["its payload is cut", "its payload cannot be decoded", { payload: content({}).subarray(0, -1) }],
    ["its payload is empty", "its payload cannot be decoded", { payload: none }],
    ["its payload has no patches", "its payload has no patches", { payload: bytesOf({}) }],
    ["its patches are an object", "its payload has no patches", { payload: content({ patches: {} }) }],
    ["a patch is no object", "its payload has no patches", { payload: content({ patches: [{}, 1] }) }],
    ["its reason is a number", "its reason is no text", { payload: content({ reason: 5 }) }],
    ["its reason is null", "its reason is no text", { payload: content({ reason: null }) }],
    ["its meta is a list", "its meta is no object", { payload: content({ meta: [1] }) }],
    ["its meta is null", "its meta is no object", { payload: content({ meta: null }) }],
    ["its given is a number", "its given is no text", { payload: content({ given: 1 }) }],
    ["its given is null", "its given is no text", { payload: content({ given: null }) }],
    ["its list of digests is a text", "its list holds no digests", { payload: content({ list: "x" }) }],
    ["its list of digests is null", "its list holds no digests", { payload: content({ list: null }) }],
    ["one of its digests is a number", "its list holds no digests", { payload: content({ list: ["x", 1] }) }],
    ["its salt is cut", "its record is cut", { salt: Buffer.alloc(15), payload: none }],
    ["it was erased and has a payload", "its payload is marked as erased and is there", { state: 1 }],
    [
      "it was erased and has one more byte",
      "its payload is marked as erased and is there",
      { state: 1, salt: Buffer.alloc(1), payload: none },
    ],
    ["its header says that it is shorter than its numbers", "its record is cut", { headerLength: 59 }],
    ["its header says that it has no length", "its record is cut", { headerLength: 0 }],
    ["its header says that it is longer than the record", "its record is cut", { headerLength: 2 ** 32 - 1 }],
  ];
  test.each(cases)("%s", (_, reason, parts) => damaged(recordOfParts(parts), reason));

  test("it is cut before its format, its list, its hash or its state", () => {
    const record = recordOfParts();
    damaged(none, "its format is unknown");
    const state = headerLength(record) + 32;
    for (let length = 1; length <= state; length++) damaged(record.subarray(0, length), "its record is cut");
    const erased = recordOfParts({ state: 1, salt: none, payload: none });
    expect(readRecord(erased, slot, types).payload?.kind).toBe("erased");
    damaged(erased.subarray(0, -1), "its record is cut");
  });

  test("its list counts more or fewer than it holds", () => {
    for (const count of [0, 1, 2, 4, 5, 127]) {
      const lying = Buffer.from(list());
      lying[1] = count;
      expect(() => readRecord(recordOfParts({ list: lying }), slot, types)).toThrow(CorruptEventError);
    }
  });
});

test("a byte of a record that is there twice, or is left out, is noticed by whoever checks its hash", () => {
  const record = recordOfParts();
  const previous = Buffer.alloc(32, 7).toString("base64url");
  const isWhole = (bytes: Uint8Array): boolean => {
    try {
      return linkedBytes(readRecord(bytes, slot, types), previous, types) !== undefined;
    } catch {
      return false;
    }
  };
  expect(isWhole(record)).toBe(true);
  const missed = Array.from(record, (_, i) => i).filter((i) => {
    const [before, from, behind] = [record.subarray(0, i), record.subarray(i), record.subarray(i + 1)];
    return (
      isWhole(Buffer.concat([before, from.subarray(0, 1), from])) || isWhole(Buffer.concat([before, behind]))
    );
  });
  expect(missed).toEqual([]);
});

describe("a record is refused as too new where", () => {
  const cases: readonly (readonly [string, part: string, Partial<RecordParts>])[] = [
    ["its type is the first that nobody knows", "the type 14", { type: 14 }],
    ["its type is 0", "the type 0", { type: 0 }],
    ["its type is the last", "the type 255", { type: 255 }],
    ["a flag is the first that nobody knows", "the flags 64", { flags: 64 }],
    ["a flag is the last", "the flags 32768", { flags: 32768 }],
    ["one of its flags is unknown", "the flags 65", { flags: 65, list: list("a") }],
    ["the state of its payload is unknown", "the payload's state 3", { state: 3 }],
    ["its payload is erased within", "an erased value", { payload: Buffer.of(9) }],
    [
      "a value of its payload is erased",
      "an erased value",
      { payload: Buffer.from("0801077061746368657309", "hex") },
    ],
  ];
  test.each(cases)("%s", (_, part, parts) => tooNew(recordOfParts(parts), part));

  test("its format is: the error names the formats", () => {
    for (const format of [2, 255]) {
      const details = {
        id: slot.doc,
        version: slot.version,
        what: "event",
        found: format,
        known: 1,
      } as const;
      const error = new FormatTooNewError(details);
      expect(error.message).toContain(`has format ${format}, and this library reads up to 1`);
      for (const read of [readRecord, readSearched])
        for (const record of [recordOfParts({ format }), Buffer.of(format)])
          expect(() => read(record, slot, types)).toThrow(error);
    }
  });
});

test("the cause of a refusal says that bytes are not canonical, or names the part that is too new", () => {
  expect(() => readRecord(recordOfParts({ state: 3 }), slot, types)).toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ message: "the payload's state 3" }) }),
  );
  for (const parts of [{ list: none }, { payload: none }])
    expect(() => readRecord(recordOfParts(parts), slot, types)).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({
          cause: expect.objectContaining({
            message: expect.stringContaining("these are not canonical bytes"),
          }),
        }),
      }),
    );
});

test("an error that a value type throws where a payload is read is one of damage", () => {
  const { of, byTag } = types;
  const throwing = {
    of,
    byTag: (tag: number) => {
      const type = byTag(tag);
      return type && { ...type, fromBytes: () => expect.unreachable("no such money") };
    },
  };
  const record = recordOfParts({ payload: content({ meta: { m: new Money(1) } }) });
  expect(readRecord(record, slot, types).meta).toEqual({ m: new Money(1) });
  expect(() => readRecord(record, slot, throwing)).toThrow("its payload cannot be decoded");
});

describe("the facts that are searched for", () => {
  const ids = ["", "é", "x".repeat(127), "x".repeat(128), "x".repeat(129), 7, new Money(3)];

  test("are those of the event, whatever its ids are", () => {
    for (const doc of ids)
      for (const by of ids)
        for (const id of ["", "e-2", "i".repeat(127), "i".repeat(128), "i".repeat(300)]) {
          const record = recordOfParts({ version: 5, at: -1.5, list: bytesOf([doc, by, id]) });
          const searched = { doc, by, id, version: 5, at: -1.5 };
          expect(readSearched(record, slot, types)).toEqual(searched);
          expect(readRecord(record, slot, types)).toMatchObject(searched);
        }
  });

  test("are those of the event where it has optional fields, a long header, or stands between other bytes", () => {
    const record = recordOfParts({ flags: 1, list: list("act".repeat(5_000)) });
    const searched = { doc: "d", by: "alice", id: "e-2", version: 2, at: 2000 };
    for (const around of [0, 1, 500]) {
      const bytes = Buffer.concat([Buffer.alloc(around, 1), record, Buffer.alloc(around, 1)]);
      const within = new Uint8Array(bytes.buffer, bytes.byteOffset + around, record.length);
      expect(readSearched(within, slot, types)).toEqual(searched);
      expect(readRecord(within, slot, types)).toMatchObject(searched);
    }
  });

  test("are refused where they cannot be read, by an error that names the slot", () => {
    const faults: readonly (readonly [string, Uint8Array])[] = [
      ["its doc or by is no id", bytesOf([true, "alice", "e-2"])],
      ["its doc or by is no id", bytesOf(["d", null, "e-2"])],
      ["its id is no text", bytesOf(["d", "alice", 2])],
      ["its id is no text", bytesOf(["d", "alice"])],
      ["its header holds no list", bytesOf("d")],
      ["its header cannot be decoded", list().subarray(0, -1)],
      ["its header cannot be decoded", none],
    ];
    for (const [reason, bytes] of faults)
      expect(() => readSearched(recordOfParts({ list: bytes }), slot, types)).toThrow(
        new CorruptEventError({ id: slot.doc, version: slot.version, reason }),
      );
    const record = recordOfParts();
    for (let length = 0; length <= headerLength(record) + 32; length++)
      expect(() => readSearched(record.subarray(0, length), slot, types)).toThrow(CorruptEventError);
  });
});

describe("a header", () => {
  const lists: readonly Uint8Array[] = [
    list(),
    bytesOf(["d".repeat(127), "", "é"]),
    bytesOf(["d".repeat(128), "alice", "i"]),
    bytesOf(["d", "a".repeat(128), "i"]),
    bytesOf(["d", "alice", "i".repeat(128)]),
    bytesOf([1, "alice", "e-2"]),
    bytesOf(["d", new Money(1), "e-2"]),
  ];
  const headers: readonly Buffer[] = [
    ...lists.map((bytes) => headerOf(recordOfParts({ list: bytes }))),
    headerOf(recordOfParts({ flags: 1, list: list("act-1") })),
    headerOf(recordOfParts({ flags: 6, list: list({ version: 1 }, 2) })),
    headerOf(recordOfParts({ flags: 0x100, list: list("act-1") })),
  ];
  const decoded = (header: Uint8Array): object | undefined => {
    try {
      const { doc, by, id } = decodeHeader(header, types);
      return { doc, by, id };
    } catch {
      return undefined;
    }
  };

  /** Those of some headers that count as one and cannot be decoded, or the other way round, or have other names. */
  const wrong = (some: readonly Buffer[]): string[] =>
    some
      .filter((header) => {
        const names = decoded(header);
        if (isHeader(header, types) !== (names !== undefined)) return true;
        return names !== undefined && !isDeepStrictEqual(namesIn(header, types), names);
      })
      .map((header) => header.toString("hex"));

  test("counts as one exactly where it can be decoded, whichever of its bits is another", () => {
    expect(headers.map((header) => isHeader(header, types))).toEqual([
      ...headers.slice(1).map(() => true),
      false,
    ]);
    for (const header of headers) {
      const others = Array.from({ length: header.length * 8 }, (_, bit) => {
        const other = Buffer.from(header);
        other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
        return other;
      });
      expect(wrong(others)).toEqual([]);
    }
  });

  test("counts as one exactly where it can be decoded, wherever it is cut and whatever stands behind it", () => {
    for (const header of headers) {
      const cut = Array.from(header, (_, length) => header.subarray(0, length));
      const longer = [0, 4, 255].map((byte) => Buffer.concat([header, Buffer.of(byte)]));
      expect(wrong([header, ...cut, ...longer])).toEqual([]);
    }
  });

  test("counts as one with each type that the page knows, and with no other", () => {
    for (let type = 0; type < 256; type++) {
      const header = headerOf(recordOfParts({ type }));
      expect(wrong([header])).toEqual([]);
      expect(isHeader(header, types)).toBe(type >= 1 && type <= 13);
    }
  });
});
