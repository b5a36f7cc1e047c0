/** A value with the words for it, as in "… comes back exactly". */
export type Labelled = readonly [label: string, value: unknown];

const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);

/**
 * Values of every kind of a state, at their limits: each, as a field, must come back from every storage
 * exactly as it was sent.
 */
export const nastyValues: readonly Labelled[] = [
  [
    "texts",
    [
      "",
      " ",
      "plain",
      "1",
      "null",
      "true",
      "a\0b",
      "\0",
      "\n\r\t",
      "\u2028",
      "\ufeff",
      "‮abc",
      "$where",
      "a.b",
    ],
  ],
  [
    "texts beyond ASCII",
    ["é", "e\u0301", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{1f600}", "\u{10ffff}", "👩‍👩‍👧"],
  ],
  ["long texts", ["x".repeat(100_000), "é".repeat(50_000), "\u{1f600}".repeat(20_000)]],
  ["small and whole numbers", [0, 1, -1, 127, 128, 255, 256, 65_535, 65_536]],
  ["numbers around 2^31 and 2^32", [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 31), -(2 ** 31) - 1]],
  [
    "numbers around 2^53 and 2^63",
    [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 53), -(2 ** 63), 2 ** 64],
  ],
  [
    "fractions and extremes",
    [0.1, 0.1 + 0.2, 1 / 3, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE],
  ],
  ["NaN and the infinities", [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ["booleans and null", [true, false, null]],
  ["dates", [new Date(0), new Date(-1), new Date(1_700_000_000_123), new Date("1969-12-31T23:59:59.999Z")]],
  [
    "the first and the last date",
    [new Date("0001-01-01T00:00:00.000Z"), new Date("9999-12-31T23:59:59.999Z")],
  ],
  ["bytes", [new Uint8Array(), Uint8Array.of(0), allBytes, new Uint8Array(100_000).fill(7)]],
  ["empty containers", [{}, [], [{}], [[]], { a: {} }, { a: [] }]],
  [
    "arrays of arrays",
    [
      [
        [[1], []],
        [null, [[]]],
      ],
      [1, [2, [3, [4]]]],
    ],
  ],
  ["arrays of mixed kinds", [1, "1", true, null, new Date(1), Uint8Array.of(1), [1], { 1: 1 }]],
  ["arrays with equal elements", [[{ id: 1 }, { id: 1 }, { id: "1" }, {}, {}]]],
  [
    "an array of a thousand objects",
    Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `n${i}`, even: i % 2 === 0 })),
  ],
  ["an object of a thousand keys", Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]))],
  ["objects nested 80 deep", nested(80, (inner) => ({ k: inner }))],
  ["objects nested as deep as may be", nested(89, (inner) => ({ k: inner }))],
  ["arrays nested as deep as may be", nested(89, (inner) => [inner])],
];

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = "the innermost";
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

/**
 * Plain objects that a driver or a parser may take for a value of its own: exactly given back, or refused.
 */
export const treacherousValues: readonly Labelled[] = [
  ["an object with the mark of a BSON type", { _bsontype: "ObjectId", id: "64b000000000000000000000" }],
  ["an object like a database reference", { $ref: "orders", $id: "o-1", $db: "shop" }],
  ["an object like extended JSON", { $oid: "64b000000000000000000000" }],
  ["an object like an extended JSON date", { $date: "2026-01-01T00:00:00Z" }],
  ["an object like an extended JSON number", { $numberLong: "9007199254740993" }],
  ["an object like a serialised buffer", { type: "Buffer", data: [1, 2, 3] }],
  ["an object like an update", { $set: { admin: true } }],
];
