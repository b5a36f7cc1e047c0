import { allFound } from "./find-data.ts";

/**
 * A filter, and the ids of the documents of `findData` that it finds, in the order of ids: MongoDB's answers.
 */
export type Row = readonly [filter: Readonly<Record<string, unknown>>, ids: readonly string[]];

const none: readonly string[] = [];
const named = (ids: string): Set<string> => {
  const names = ids.split(" ");
  const unknown = names.filter((name) => !allFound.includes(name));
  if (unknown.length > 0) throw new RangeError(`no document is called ${unknown.join(" or ")}`);
  return new Set(names);
};
const only = (ids: string): string[] => allFound.filter((id) => named(ids).has(id));
const allBut = (ids: string): string[] => allFound.filter((id) => !named(ids).has(id));

const texts = "listText text1 textA textAstral textB textBmp textEmpty textLines";
const withoutK = "empty list03 list1 list12 listList1 listNested listNull listText";

/** One table for every operator over every kind of value. */
export const findTable: Readonly<Record<string, readonly Row[]>> = {
  "equality by value": [
    [{}, allFound],
    [{ v: 1 }, only("list1 list12 one")],
    [{ v: { $eq: 2.5 } }, only("twoHalf")],
    [{ v: -0 }, only("list03 zero")],
    [{ v: Number.NaN }, only("nan")],
    [{ v: Number.POSITIVE_INFINITY }, only("infinity")],
    [{ v: "a" }, only("listText textA")],
    [{ v: "" }, only("textEmpty")],
    [{ v: "1" }, only("text1")],
    [{ v: true }, only("true")],
    [{ v: false }, only("false")],
    [{ v: new Date(2) }, only("date2")],
    [{ v: Uint8Array.of(1) }, only("bytes1")],
    [{ v: null }, only("listNull missing null")],
    [{ v: [] }, only("empty")],
    [{ v: [1] }, only("list1 listList1")],
    [{ v: [1, 2] }, only("list12")],
    [{ v: [2, 1] }, none],
    [{ v: [[1]] }, only("listList1")],
    [{ v: [null] }, only("listNull")],
    [{ w: 1 }, only("missing")],
  ],
  $ne: [
    [{ v: { $ne: 1 } }, allBut("list1 list12 one")],
    [{ v: { $ne: null } }, allBut("listNull missing null")],
    [{ v: { $ne: Number.NaN } }, allBut("nan")],
    [{ v: { $ne: "a" } }, allBut("listText textA")],
    [{ v: { $ne: [1] } }, allBut("list1 listList1")],
    [{ v: { $ne: new Date(1) } }, allBut("date1")],
  ],
  "$gt, $gte, $lt and $lte of numbers": [
    [{ v: { $gt: 1 } }, only("infinity list03 list12 listMixed twoHalf")],
    [{ v: { $gte: 1 } }, only("infinity list03 list1 list12 listMixed one twoHalf")],
    [{ v: { $lt: 1 } }, only("list03 minus1 zero")],
    [{ v: { $lte: 1 } }, only("list03 list1 list12 minus1 one zero")],
    [{ v: { $gt: Number.POSITIVE_INFINITY } }, none],
    [{ v: { $gte: Number.POSITIVE_INFINITY } }, only("infinity")],
    [{ v: { $lt: Number.POSITIVE_INFINITY } }, only("list03 list1 list12 listMixed minus1 one twoHalf zero")],
    [{ v: { $gt: Number.NaN } }, none],
    [{ v: { $gte: Number.NaN } }, only("nan")],
    [{ v: { $lte: Number.NaN } }, only("nan")],
  ],
  "$gt, $gte, $lt and $lte of texts, dates and booleans": [
    [{ v: { $gte: "" } }, only(texts)],
    [{ v: { $gt: "a" } }, only("listText textAstral textBmp textLines")],
    [{ v: { $lte: "a" } }, only("listText text1 textA textB textEmpty")],
    [{ v: { $gt: "\uffff" } }, only("textAstral")],
    [{ v: { $lt: "\u{10000}" } }, only("listText text1 textA textB textBmp textEmpty textLines")],
    [{ v: { $gt: new Date(1) } }, only("date2")],
    [{ v: { $lte: new Date(1) } }, only("date1")],
    [{ v: { $lt: new Date(0) } }, none],
    [{ v: { $gt: false } }, only("true")],
    [{ v: { $gte: false } }, only("false true")],
    [{ v: { $lt: true } }, only("false")],
  ],
  "$in and $nin": [
    [{ v: { $in: [1, "a", null] } }, only("list1 list12 listNull listText missing null one textA")],
    [{ v: { $in: [] } }, none],
    [{ v: { $in: [[1], Number.NaN] } }, only("list1 listList1 nan")],
    [{ v: { $in: [true, new Date(2), Uint8Array.of(1, 2)] } }, only("bytes12 date2 true")],
    [{ v: { $nin: [1, null] } }, allBut("list1 list12 listNull missing null one")],
    [{ v: { $nin: [] } }, allFound],
    [{ v: { $nin: ["a", "B", false] } }, allBut("false listText textA textB")],
  ],
  "$exists and $size": [
    [{ v: { $exists: true } }, allBut("missing")],
    [{ v: { $exists: false } }, only("missing")],
    [{ v: { $size: 0 } }, only("empty")],
    [{ v: { $size: 1 } }, only("list1 listKNull listList1 listNested listNull")],
    [{ v: { $size: 2 } }, only("list03 list12 listMixed listObjects listText")],
    [{ v: { $size: 3 } }, none],
  ],
  $all: [
    [{ v: { $all: [1] } }, only("list1 list12 one")],
    [{ v: { $all: [1, 2] } }, only("list12")],
    [{ v: { $all: [2, 1, 1] } }, only("list12")],
    [{ v: { $all: ["beta", "a"] } }, only("listText")],
    [{ v: { $all: [] } }, none],
  ],
  $elemMatch: [
    [{ v: { $elemMatch: { $gt: 0, $lt: 3 } } }, only("list1 list12")],
    [{ v: { $elemMatch: { $gte: 3 } } }, only("list03 listMixed")],
    [{ v: { $elemMatch: { $eq: null } } }, only("listNull")],
    [{ v: { $elemMatch: { $in: [1, "a"] } } }, only("list1 list12 listText")],
    [{ v: { $elemMatch: { $regex: "^b" } } }, only("listText")],
    [{ v: { $elemMatch: { $elemMatch: { $eq: 1 } } } }, only("listList1")],
    [{ v: { $elemMatch: { $size: 1 } } }, only("listList1 listNested")],
    [{ v: { $elemMatch: { k: 1 } } }, only("listObjects")],
    [{ v: { $elemMatch: { k: { $gt: 1 }, m: 3 } } }, only("listObjects")],
    [{ v: { $elemMatch: { k: 1, m: 3 } } }, none],
    [
      { v: { $elemMatch: { $ne: 1 } } },
      only("list03 list12 listKNull listList1 listMixed listNested listNull listObjects listText"),
    ],
    [
      { v: { $elemMatch: { $not: { $gt: 0 } } } },
      only("list03 listKNull listList1 listMixed listNested listNull listObjects listText"),
    ],
  ],
  // apart, since servers other than MongoDB's own are known to differ here
  "$all of lists, of null and through arrays": [
    [{ v: { $all: [[1]] } }, only("list1 listList1")],
    [{ v: { $all: [null] } }, only("listNull missing null")],
    [{ "v.k": { $all: [1, 2] } }, only("listObjects objectKList")],
  ],
  "$elemMatch with $or": [
    [{ v: { $elemMatch: { $or: [{ k: 5 }, { m: 3 }] } } }, only("listMixed listObjects")],
  ],
  $not: [
    [{ v: { $not: { $gt: 1 } } }, allBut("infinity list03 list12 listMixed twoHalf")],
    [{ v: { $not: { $size: 0 } } }, allBut("empty")],
    [{ v: { $not: { $exists: true } } }, only("missing")],
    [{ v: { $not: { $eq: null } } }, allBut("listNull missing null")],
    [{ v: { $not: { $in: [1, "a"] } } }, allBut("list1 list12 listText one textA")],
    [{ v: { $not: { $regex: "a" } } }, allBut("listText textA textLines")],
    [{ v: { $not: { $elemMatch: { $gt: 0 } } } }, allBut("list03 list1 list12 listMixed")],
    [{ v: { $not: { $gte: 0, $lte: 1 } } }, allBut("list03 list1 list12 one zero")],
  ],
  $regex: [
    [{ v: { $regex: "" } }, only(texts)],
    [{ v: /a/ }, only("listText textA textLines")],
    [{ v: { $regex: "^b" } }, only("listText")],
    [{ v: { $regex: "^b", $options: "i" } }, only("listText textB")],
    [{ v: { $regex: "^Bee$" } }, none],
    [{ v: { $regex: "^Bee$", $options: "m" } }, only("textLines")],
    [{ v: { $regex: "a.Bee" } }, none],
    [{ v: { $regex: "a.bee", $options: "si" } }, only("textLines")],
    [{ v: { $regex: "1" } }, only("text1")],
    [{ v: { $regex: "^$" } }, only("textEmpty")],
  ],
  "paths into objects and through arrays": [
    [{ "v.k": 1 }, only("listObjects objectK1 objectKList")],
    [{ "v.k": { $gt: 1 } }, only("listObjects objectKList")],
    [{ "v.k": { $in: [2, 5] } }, only("listObjects objectKList")],
    [{ "v.k": { $size: 2 } }, only("objectKList")],
    [{ "v.k": [1, 2] }, only("objectKList")],
    [{ "v.k": { $elemMatch: { $gt: 1 } } }, only("objectKList")],
    [{ "v.k.l": 1 }, only("objectKL")],
    [{ "v.m": 3 }, only("listMixed listObjects")],
    [{ "v.k": { $ne: 1 } }, allBut("listObjects objectK1 objectKList")],
    [{ "v.k": { $not: { $gt: 1 } } }, allBut("listObjects objectKList")],
    [{ "v.k": { $exists: true } }, only("listKNull listObjects objectK1 objectKL objectKList")],
    [{ "v.k": { $exists: false } }, allBut("listKNull listObjects objectK1 objectKL objectKList")],
    [{ "v.k": null }, allBut(`${withoutK} listObjects objectK1 objectKL objectKList`)],
    [{ "v.k": { $ne: null } }, only(`${withoutK} listObjects objectK1 objectKL objectKList`)],
  ],
  "paths with indexes": [
    [{ "v.0": 0 }, only("list03")],
    [{ "v.0": 1 }, only("list1 list12")],
    [{ "v.1": { $gt: 1 } }, only("list03 list12")],
    [{ "v.0": "zero" }, only("objectK1")],
    [{ "v.0.k": 1 }, only("listNested listObjects")],
    [{ "v.1.k": 2 }, only("listObjects")],
    [{ "v.0.0": 1 }, only("listList1")],
    [{ "v.5": { $exists: true } }, none],
    [
      { "v.0": { $exists: true } },
      only(
        "list03 list1 list12 listKNull listList1 listMixed listNested listNull listObjects listText objectK1",
      ),
    ],
  ],
  "paths with names that objects inherit": [
    [{ "v.length": { $exists: true } }, none],
    [{ "v.constructor": { $exists: true } }, none],
    [{ "v.toString": { $exists: true } }, none],
    [{ constructor: { $exists: false } }, allFound],
    [{ "constructor.name": "Object" }, none],
  ],
  "several conditions": [
    [{ v: { $gt: 0, $lt: 1.5 } }, only("list03 list1 list12 one")],
    [{ v: { $gt: 2, $lt: 1 } }, only("list03")],
    [{ v: { $ne: 1, $exists: true, $gte: 0 } }, only("infinity list03 listMixed twoHalf zero")],
    [{ v: 1, w: 1 }, none],
    [{ v: null, w: 1 }, only("missing")],
    [{ $and: [{ v: { $gt: 0 } }, { v: { $lt: 2 } }] }, only("list03 list1 list12 one")],
    [{ $or: [{ v: 1 }, { v: "a" }] }, only("list1 list12 listText one textA")],
    [{ $nor: [{ v: { $exists: true } }, { v: 1 }] }, only("missing")],
    [
      { $or: [{ $and: [{ v: 0 }, { v: 3 }] }, { $nor: [{ v: { $ne: null } }] }] },
      only("list03 listNull missing null"),
    ],
  ],
  "the document's id": [
    [{ _id: "one" }, only("one")],
    [{ _id: { $in: ["zero", "nobody", "one"] } }, only("one zero")],
    [{ _id: { $gte: "true" } }, only("true twoHalf zero")],
    [{ _id: { $gt: "bytes1", $lt: "date2" } }, only("bytes12 date1")],
    [{ _id: { $regex: "^list.*t$" } }, only("listText")],
    [{ _id: { $ne: "one" } }, allBut("one")],
    [{ _id: null }, none],
    [{ _id: { $exists: true } }, allFound],
    [{ _id: "one", v: { $gt: 1 } }, none],
  ],
};
