/**
 * Keys of objects below the top level of a state that a storage may lose, split, sort or interpret. All of
 * them are valid.
 */
export const nastyKeys: readonly string[] = [
  ...["", " ", ".", "..", "a.b", ".a", "a.", "a..b", "a[0]", "/", "~", "~0", "\\"],
  ...["0", "1", "01", "-1", "1.5", "1e3", "4294967295", "NaN", "null", "undefined", "true"],
  ...[
    "constructor",
    "prototype",
    "toString",
    "toJSON",
    "toBSON",
    "valueOf",
    "hasOwnProperty",
    "then",
    "length",
    "__proto",
  ],
  ...["$", "$set", "$ref", "$schema", "$date", "_id", "id", "_everdraft", "state", "value", "path", "op"],
  ...["é", "e\u0301", "\u200b", "\ufeff", "\u2028", "\n", "\t", "\u0001", "\u007f"],
  ...["\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{1f600}", "\u{10ffff}"],
  "k".repeat(10_240),
  "é".repeat(5_120),
];

/** Whether a key may stand at the top level of a state. */
export function isTopLevelKey(key: string): boolean {
  return key !== "_id" && key !== "_everdraft";
}
