import { describe, expect, test } from "vitest";
import { explainRefusal } from "../src/errors/refusals.ts";
import { namesIn } from "../src/indexes/index-names.ts";

const id = { name: "_id_", key: { _id: 1 } };
const ofDoc = { name: "_everdraft.doc_1", key: { "_everdraft.doc": 1, "_everdraft.version": 1 } };
const own = [
  id,
  ofDoc,
  { name: "place", key: { loc: "2dsphere", n: 1 } },
  { name: "shards", key: { tenant: "hashed" } },
  { name: "words", key: { _fts: "text", _ftsx: 1 } },
  { name: "lists", key: { a: 1, b: -1 } },
  { name: "mail", key: { mail: 1 }, unique: true },
];

describe("why a document is refused", () => {
  test.each([
    [16755, [], own, /^its index "place" takes only GeoJSON or a pair of coordinates \(code 16755\)$/],
    [16766, [], own, /^its index "shards" takes no list/],
    [17262, [], own, /^its index "words" takes only languages/],
    [171, [], own, /^one of its indexes "place", "words", "lists" takes one list at most/],
    [171, ["lists"], own, /^its index "lists" takes one list at most/],
    [11000, ["mail"], own, /^its index "mail" is unique/],
    [171, [], [id, ofDoc], /^an index takes one list at most among its fields \(code 171\)$/],
    [121, [], own, /^its validator does not let the document pass \(code 121\)$/],
    [4, ["shards"], own, /^its index "shards" will not take it \(code 4\)$/],
    [4, ["nothing of ours"], own, /^the server will not take it \(code 4\)$/],
  ])("with code %i naming %j", (code, named, indexes, reason) => {
    const refusal = explainRefusal({ code, named }, indexes);
    expect(refusal.reason).toMatch(reason);
    expect(refusal.remedy).toMatch(/^An edit that makes .* repair, sweep or rebuild\.$/);
  });
});

test("a server that takes no names with $ is told as such, with one that does", () => {
  expect(explainRefusal({ code: 52, named: [] }, own)).toEqual({
    reason: "the server takes no name at the top of a document that begins with $ (code 52)",
    remedy:
      "An edit that gives it another name writes it; or use a server that takes such names (MongoDB since 5.0), then repair, sweep or rebuild.",
  });
});

describe("the indexes that a server's text names", () => {
  test.each([
    ["E11000 duplicate key error collection: a.b index: mail_1 dup key: { mail: 1 }", ["mail_1"]],
    ["E11000 duplicate key error collection: a.b index: a.b.$mail_1 dup key: { mail: 1 }", ["mail_1"]],
    ['E11000 duplicate key error index: _id_ dup key: { _id: "index: other_1" }', ["_id_"]],
    ["E11000 duplicate key error collection: a.b index: my slots dup key: { doc: 1 }", ["my slots"]],
    [
      'E11000 duplicate key error collection: a.b index: mail_1 collation: { locale: "de" } dup key: { mail: "x" }',
      ["mail_1"],
    ],
    ["Duplicate key violation on the requested collection: Index 'mine'", ["mine"]],
    ["Can't extract geo keys for index 'loc_2dsphere' on field 'loc'", ["loc_2dsphere"]],
    ["E11000 duplicate key error", []],
    [`index: ${"x".repeat(200)} dup key`, []],
    ["", []],
  ])("%s", (errmsg, names) => {
    expect(namesIn(errmsg)).toEqual(names);
  });
});
