import { cut, plain } from "@everdraft/cli/text";
import { expect, test } from "vitest";
import { changeLine, firstLines, placeOf, stateLines, tableLines } from "../src/render.ts";

test("Control characters and marks that turn text around do not reach the terminal", () => {
  expect(plain("a\u001b[31mb\u0007\u009b2J\u202ec")).toBe("a\ufffd[31mb\ufffd\ufffd2J\ufffdc");
  expect(plain("two\r\nlines\tand more")).toBe("two lines and more");
  const shown = [
    changeLine({ kind: "changed", path: ["\u001bk"], before: "\u009b1", after: "\u007f" }, 40),
    ...stateLines({ "\u001b": "\u009b" }, 9, 80),
    placeOf(["a\u0007b", "c \u001b d"]),
  ];
  expect(shown.join(" ")).not.toMatch(/\p{Cc}/u);
});

test("A place shows indexes and keys with dots in brackets", () => {
  expect(placeOf(["a", 3, "b-c", "10.1", "x y", ""])).toBe('a[3].b-c["10.1"]["x y"][""]');
  expect(placeOf([])).toBe("the document");
});

test("A place that is too long loses its first steps", () => {
  const path = ["javascript", "statements", "import", "support", "firefox", "flags"];
  expect(changeLine({ kind: "added", path, after: 1 }, 30)).toBe("+ ….import.support.firefox.flags: 1");
  expect(changeLine({ kind: "added", path, after: 1 }, 29)).toBe("+ ….support.firefox.flags: 1");
  expect(changeLine({ kind: "removed", path: ["k".repeat(50)], before: 1 }, 10)).toBe(
    `- ….${"k".repeat(7)}…: 1`,
  );
});

test("A change of long values begins shortly before they differ", () => {
  const [before, after] = ["one", "two"].map((end) => `${"x".repeat(60)} ${end}`);
  expect(changeLine({ kind: "changed", path: ["k"], before, after }, 40)).toBe(
    '  k: …xxxxxxxxxxx one" → …xxxxxxxxxxx two"',
  );
  expect(changeLine({ kind: "changed", path: ["k"], before: 1, after: [null] }, 40)).toBe("  k: 1 → [null]");
});

test("Text is cut by characters, never through one", () => {
  expect(cut("a😀b😀", 3)).toBe("a😀…");
  expect(cut("a😀b", 3)).toBe("a😀b");
});

test("Lists say how much they leave out, tables align their columns", () => {
  expect(firstLines(["a", "b", "c"], 2)).toEqual(["a", "b", "  … and 1 more"]);
  expect(firstLines(["a", "b"], 2)).toEqual(["a", "b"]);
  expect(
    tableLines(
      [
        ["1", "ü😀", "x"],
        ["22", "b", "yyyyyyyyy"],
      ],
      12,
    ),
  ).toEqual(["1   ü😀  x", "22  b   yyy…"]);
});
