import { allFound } from "./find-data.ts";
import { allBut, none, only, type Row } from "./find-rows.ts";

const withoutK = "empty list03 list1 list12 listList1 listNested listNull listText";

/** Filters with paths, with several conditions, and by id. */
export const findPathTable: Readonly<Record<string, readonly Row[]>> = {
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
    [{ _id: { $nin: ["one", "nobody", "zero"] } }, allBut("one zero")],
    [{ _id: { $nin: ["one"], $gt: "null", $lt: "text1" } }, only("object objectK1 objectKL objectKList")],
    [{ _id: { $in: ["one", "zero"], $nin: ["one", "two"] } }, only("zero")],
    [{ _id: { $nin: ["one", null] } }, allBut("one")],
    [{ _id: null }, none],
    [{ _id: { $exists: true } }, allFound],
    [{ _id: "one", v: { $gt: 1 } }, none],
  ],
};
