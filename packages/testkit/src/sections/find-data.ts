import type { PlainObject } from "@everdraft/core/adapter";

/** Documents by id: one for every kind of value that a filter may meet in the field `v`. */
export const findData: Readonly<Record<string, PlainObject>> = {
  bytes1: { v: Uint8Array.of(1) },
  bytes12: { v: Uint8Array.of(1, 2) },
  date1: { v: new Date(1) },
  date2: { v: new Date(2) },
  empty: { v: [] },
  false: { v: false },
  infinity: { v: Number.POSITIVE_INFINITY },
  list03: { v: [0, 3] },
  list1: { v: [1] },
  list12: { v: [1, 2] },
  listKNull: { v: [{ k: null }] },
  listList1: { v: [[1]] },
  listMixed: { v: [7, { m: 3 }] },
  listNested: { v: [[{ k: 1 }]] },
  listNull: { v: [null] },
  listObjects: { v: [{ k: 1 }, { k: 2, m: 3 }] },
  listText: { v: ["a", "beta"] },
  minus1: { v: -1 },
  missing: { w: 1 },
  nan: { v: Number.NaN },
  null: { v: null },
  object: { v: {} },
  objectK1: { v: { k: 1, 0: "zero" } },
  objectKL: { v: { k: { l: 1 } } },
  objectKList: { v: { k: [1, 2] } },
  one: { v: 1 },
  text1: { v: "1" },
  textA: { v: "a" },
  textAstral: { v: "\u{10000}" },
  textB: { v: "B" },
  textBmp: { v: "\uffff" },
  textEmpty: { v: "" },
  textLines: { v: "a\nBee" },
  true: { v: true },
  twoHalf: { v: 2.5 },
  zero: { v: 0 },
};

/** The ids of those documents, in the order of ids. */
export const allFound: readonly string[] = Object.keys(findData);
