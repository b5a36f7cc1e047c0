/**
 * Ids that a storage may confuse, cut, fold or take for something else. All of them are valid, and all are
 * different.
 */
export const nastyIds: readonly string[] = [
  // case and spaces count
  ...["a", "A", "a ", " a", "a\t", "\n", " ", "ß", "SS", "ss", "i", "I", "İ", "ı"],
  // texts that look like other values
  ...[
    "0",
    "1",
    "01",
    "1.0",
    "1e3",
    "-0",
    "-1",
    "NaN",
    "null",
    "undefined",
    "true",
    "false",
    "[object Object]",
  ],
  ...["2026-01-01T00:00:00.000Z", "64b000000000000000000000", "123e4567-e89b-12d3-a456-426614174000"],
  // names that objects inherit
  ...["constructor", "prototype", "__proto__", "toString", "hasOwnProperty", "_id", "_everdraft"],
  // characters with a meaning somewhere
  ...[
    "a.b",
    ".",
    "..",
    "$set",
    "$",
    "a/b",
    "a\\b",
    "a'b",
    'a"b',
    "a`b",
    "a;b--",
    "a%b",
    "%00",
    "a_b",
    "a*b",
    "{}",
    "s:1",
    "n:1",
  ],
  // one character written in two ways, invisible ones, and the order of UTF-8 against UTF-16
  ...[
    "é",
    "e\u0301",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\u007f",
    "\u00ff",
    "\u0100",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
  ],
  ...["\u{1f600}", "\u{10ffff}", "\ud7ffz", "\ue000z", "\u{10000}z", "aa", "ab", "a\u{10000}", "a\uffff"],
  // as long as an id may be, and of one length with a difference at the end
  ...["x".repeat(1024), `${"x".repeat(1023)}y`, "é".repeat(512), "x".repeat(1023)],
];
