import { FilterError, OptionsError } from "@everdraft/core";
import { expect } from "vitest";
import { type RefusedRow, rowsOf } from "./row.ts";
import type { Scene } from "./scene.ts";
import { secret } from "./secret.ts";

type Given = readonly [title: string, filter: unknown, path: string];

/** Filters outside the subset that every storage answers alike. */
const badFilters: readonly Given[] = [
  ["$where", { $where: `this.name === "${secret}"` }, "$where"],
  ["$expr", { $expr: { $eq: ["$name", secret] } }, "$expr"],
  ["$text", { $text: { $search: secret } }, "$text"],
  ["a field at the top whose name begins with $", { $schema: secret }, "$schema"],
  ["a place inside such a field", { "$defs.line": secret }, "$defs.line"],
  ["an unknown operator", { name: { $near: secret } }, "name"],
  ["$type", { name: { $type: "string" } }, "name"],
  ["$mod", { n: { $mod: [2, 0] } }, "n"],
  ["an operator beside a field", { inner: { $eq: 1, text: secret } }, "inner"],
  ["equality with a whole object", { inner: { text: secret } }, "inner"],
  ["equality with an empty object", { inner: {} }, "inner"],
  ["$eq with an object", { inner: { $eq: { text: secret } } }, "inner"],
  ["$in with an object", { inner: { $in: [{ text: secret }] } }, "inner"],
  ["equality with an array of objects", { list: [{ text: secret }] }, "list"],
  ["undefined as a condition", { name: undefined }, "name"],
  ["undefined as an operand", { name: { $eq: undefined } }, "name"],
  ["undefined in a list", { name: { $in: [undefined] } }, "name"],
  ["a RegExp with the flag g", { name: new RegExp(secret, "g") }, "name"],
  ["a RegExp with the flag u", { name: { $regex: new RegExp(secret, "u") } }, "name"],
  ["$options that are no flags", { name: { $regex: secret, $options: "x" } }, "name"],
  ["$options without $regex", { name: { $options: "i" } }, "name"],
  ["a pattern that is none", { name: { $regex: `(${secret}` } }, "name"],
  ["$regex with a number", { name: { $regex: 5 } }, "name"],
  ["$in without a list", { name: { $in: secret } }, "name"],
  ["$all without a list", { name: { $all: secret } }, "name"],
  ["$exists with a number", { name: { $exists: 1 } }, "name"],
  ["$size with a fraction", { list: { $size: 1.5 } }, "list"],
  ["$not with a value", { name: { $not: secret } }, "name"],
  ["$elemMatch with a value", { list: { $elemMatch: secret } }, "list"],
  ["$gt with null", { n: { $gt: null } }, "n"],
  ["$lt with a list", { n: { $lt: [secret] } }, "n"],
  ["$gte with bytes", { bytes: { $gte: Uint8Array.of(1) } }, "bytes"],
  ["$and with an object", { $and: { name: secret } }, "$and"],
  ["$or with an empty list", { $or: [] }, "$or"],
  ["$nor with a text inside", { $nor: [secret] }, "$nor"],
  ["a function", { name: () => secret }, "name"],
  ["a symbol", { name: Symbol(secret) }, "name"],
  ["a Map", { name: new Map([[secret, 1]]) }, "name"],
  ["a bigint", { n: 5n }, "n"],
  ["an invalid date", { when: new Date(Number.NaN) }, "when"],
  ["an empty field", { "": secret }, ""],
  ["a path with an empty name", { "inner..text": secret }, "inner..text"],
  ["a path with an operator", { "inner.$eq": secret }, "inner.$eq"],
  ["the path __proto__", JSON.parse(`{"__proto__":"${secret}"}`), "__proto__"],
  ["the library's own field", { "_everdraft.version": 1 }, "_everdraft.version"],
  ["a text in place of the filter", secret, ""],
  ["null in place of the filter", null, ""],
  ["a list in place of the filter", [{ name: secret }], ""],
];

const filters = rowsOf(
  { error: FilterError, code: "filter" },
  badFilters.flatMap(([title, filter, path]) => {
    const found = { details: { path, reason: expect.any(String) }, remedy: /docs\/filters\.md lists/ };
    return [
      {
        title: `${title}, in find`,
        provoke: ({ store }: Scene) => store.find(filter as never).toArray(),
        ...found,
      },
      { title: `${title}, in count`, provoke: ({ store }: Scene) => store.count(filter as never), ...found },
      {
        title: `${title}, in asOf().find`,
        provoke: ({ store }: Scene) =>
          store
            .asOf(new Date())
            .find(filter as never)
            .toArray(),
        ...found,
      },
      {
        title: `${title}, in asOf().count`,
        provoke: ({ store }: Scene) => store.asOf(new Date()).count(filter as never),
        ...found,
      },
    ];
  }),
);

const badOrders: readonly Given[] = [
  ["a sort by 2", { sort: { n: 2 } }, "n"],
  ["a sort by a text", { sort: { n: "asc" } }, "n"],
  ["a sort by an operator", { sort: { $natural: 1 } }, "$natural"],
  ["a sort by a field whose name begins with $", { sort: { $schema: 1 } }, "$schema"],
  ["a sort by an empty field", { sort: { "": 1 } }, ""],
  ["a sort by the library's own field", { sort: { _everdraft: 1 } }, "_everdraft"],
  ["a sort that is a text", { sort: secret }, "sort"],
  ["a sort that is a list", { sort: [["n", 1]] }, "sort"],
  ["a sort that is null", { sort: null }, "sort"],
  ["a selection that is a text", { select: secret }, "select"],
  ["a selection with a number", { select: [5] }, "select"],
  ["a selection that is an object", { select: { name: 1 } }, "select"],
];

const orders = rowsOf(
  { error: FilterError, code: "filter" },
  badOrders.map(([title, options, path]) => ({
    title,
    provoke: ({ store }: Scene) => store.find({}, options as never).toArray(),
    details: { path, reason: expect.any(String) },
    remedy: /: .*(goes 1|list of top-level fields|means|object|lists)/,
  })),
);

const limits = rowsOf(
  { error: OptionsError, code: "options" },
  [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null].flatMap((limit) =>
    (["find", "history", "changes"] as const).map((call) => ({
      title: `the limit ${typeof limit === "string" ? `"${limit}"` : limit}, in ${call}`,
      provoke: ({ store }: Scene) => {
        const given = { limit: limit as number };
        if (call === "find") return store.find({}, given).toArray();
        return call === "history" ? store.history("d", given).toArray() : store.changes(given).toArray();
      },
      details: { option: "limit" },
      remedy: /it is a whole number from 0/,
    })),
  ),
);

/** Filters, sorts, selections and limits. */
export const findRows: readonly RefusedRow[] = [...filters, ...orders, ...limits];
