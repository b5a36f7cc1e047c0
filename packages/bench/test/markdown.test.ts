import { expect, test } from "vitest";
import type { Row } from "../src/figures.ts";
import { chosenAsMarkdown, fillMarks, type PartFigures, partAsMarkdown } from "../src/pages/markdown.ts";

const spread = (median: number) => ({ median, min: median / 2, max: median * 2 });
const edit: Row = {
  kind: "ratio",
  what: "edit, 1 KB",
  ratio: { cpu: spread(6), wall: spread(3) },
  clock: "wall",
  aim: { at: "most", value: 1.5 },
  note: "3 ms against 1 ms",
};
const part = (...rows: readonly Row[]): PartFigures => ({
  day: "2026-01-02",
  node: "20.1.0",
  machine: "2 cores",
  load: "1.0 before and 2.0 after",
  sections: [{ heading: "Edits", rows }],
});

test("a ratio is told by both clocks, and judged by the clock of its aim", () => {
  const text = partAsMarkdown(
    part(edit, { ...edit, what: "by CPU", clock: "cpu", aim: { at: "most", value: 6 } }),
    {},
  );
  expect(text).toContain(
    "| edit, 1 KB | 6.00x (3.00–12.0) | 3.00x (1.50–6.00) | ≤ 1.5x wall | **falls short** | 3 ms against 1 ms |",
  );
  expect(text).toContain("| by CPU | 6.00x (3.00–12.0) | 3.00x (1.50–6.00) | ≤ 6x cpu | OK |");
});

test("an aim that is missed has a line that says by how much and why", () => {
  const rate: Row = {
    kind: "figure",
    what: "rate",
    figure: spread(0.3),
    unit: "x",
    aim: { at: "least", value: 0.9 },
  };
  const text = partAsMarkdown(part(edit, rate), { "edit, 1 KB": "It waits." });
  expect(text).toContain(
    "- edit, 1 KB: 3.00x where ≤ 1.5x is the aim, 2.00 times as much as the aim. It waits.",
  );
  expect(text).toContain(
    "- rate: 0.30x where ≥ 0.9x is the aim, 0.33 of the aim. The cause was not looked for.",
  );
});

test("an aim that is met, and a row without an aim, have no such line", () => {
  const text = partAsMarkdown(
    part({ ...edit, aim: undefined }, { ...edit, aim: { at: "most", value: 3 } }),
    {},
  );
  expect(text).not.toContain("\n- ");
});

test("the day, the machine and its load are told with the figures", () => {
  expect(partAsMarkdown({ ...part(edit), options: "--rounds 3" }, {})).toMatch(
    /^Taken on 2026-01-02 with `--rounds 3`: 2 cores, Node 20\.1\.0, load 1\.0 before and 2\.0 after\./,
  );
});

test("the text outside of the marks stays as it is", () => {
  const page =
    "by hand\n<!-- figures: a -->\nold\n<!-- end of figures -->\nmore\n<!-- figures: b -->\n<!-- end of figures -->\n";
  const filled = fillMarks(page, "a", "new");
  expect(filled).toBe(
    "by hand\n<!-- figures: a -->\n\nnew\n\n<!-- end of figures -->\nmore\n<!-- figures: b -->\n<!-- end of figures -->\n",
  );
  expect(fillMarks(filled, "a", "new")).toBe(filled);
});

test("a page without a place for a part is refused by the name of the part", () => {
  expect(() => fillMarks("nothing", "edit", "new")).toThrow("figures of edit");
});

test("the chosen rows are told with their own names and circumstances, and those never measured are left out", () => {
  const chosen = [
    { told: "an edit", part: "edit", what: "edit, 1 KB" },
    { told: "a get", part: "get", what: "get, 1 KB" },
  ];
  expect(chosenAsMarkdown(chosen, { edit: part(edit) })).toBe(
    "| call | ratio |\n| --- | --- |\n| an edit | 3.00x (1.50–6.00) by the clock |\n\n" +
      "Each figure is a median (lowest round–highest round). Taken with 2 cores on 2026-01-02, load 1.0 before and 2.0 after.",
  );
});

test("a row that a side cannot do says so in place of its figure, and misses no aim", () => {
  const cannot: Row = { kind: "unable", what: "stateAt", note: "it has no such call" };
  expect(partAsMarkdown(part(edit, cannot), {})).toContain(
    "\n| stateAt | cannot |  |  |  | it has no such call |",
  );
  const alone = partAsMarkdown(part(cannot), {});
  expect(alone).toContain("\n| stateAt | cannot |  |  | it has no such call |");
  expect(alone).not.toContain("\n- ");
  const chosen = [{ told: "a past state", part: "peers", what: "stateAt" }];
  expect(chosenAsMarkdown(chosen, { peers: part(cannot) })).not.toContain("a past state");
});
