// The pure loops of long work in pieces: parts of a page that are folded at once, and a sort.
import type { StoredEvent } from "@everdraft/core/adapter";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { foldPage } from "../src/fold/fold-page.ts";
import { nothing } from "../src/fold/folded.ts";
import { foldInPieces, inPieces } from "../src/history/in-pieces.ts";
import { eventList } from "../src/model/event-list.ts";
import { type RecordPage, recordPage } from "../src/model/record-page.ts";
import { sortInPieces } from "../src/scan/sort-in-pieces.ts";
import { built, types } from "./built-events.ts";
import { piecesOf } from "./support/pieces.ts";
import { recordsOf } from "./support/wrapped-memory.ts";

let worked = 0;
beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => worked);
});
afterEach(() => vi.restoreAllMocks());

/** The longest piece of some work, by the clock that the work moves. */
const longestPiece = async (work: () => Promise<unknown>): Promise<number> =>
  (await piecesOf(() => worked, work)).longest;

/** A history of so many events, each with a text of so many characters. */
function history(count: number, characters: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (let n = 0; n < count; n++) {
    const value = { n, text: "x".repeat(characters) };
    events.push(built({ schema: 1, patches: [{ op: "replace", path: [], value }] }, events.at(-1)));
  }
  return events;
}

const pageOf = (events: readonly StoredEvent[]): RecordPage => recordPage(recordsOf(events));

describe("a page of events", () => {
  const sizes: readonly (readonly [string, StoredEvent[], readonly number[]])[] = [
    ["of small events has parts of 64", history(200, 10), [64, 64, 64, 8]],
    ["of large events has parts of one and a few", history(5, 40_000), [2, 2, 1]],
    ["of very large events has parts of one", history(3, 100_000), [1, 1, 1]],
    ["without events has no part", [], []],
  ];
  test.each(sizes)("%s", async (_, events, expected) => {
    const lengths: number[] = [];
    for await (const part of inPieces(pageOf(events))) lengths.push(part.length);
    expect(lengths).toEqual(expected);
  });

  test("is folded in pieces to the same document as at once, whether of records or of events", async () => {
    const events = history(200, 10);
    for (const page of [pageOf(events), eventList(events)])
      expect(await foldInPieces(nothing, page, "d", types)).toEqual(foldPage(nothing, page, "d", types));
  });

  test("lets others run between its parts", async () => {
    const events = history(1_000, 10);
    const longest = await longestPiece(async () => {
      for await (const part of inPieces(pageOf(events))) worked += part.length / 10;
    });
    expect(longest).toBeLessThanOrEqual(20);
  });
});

describe("a sort in pieces", () => {
  const compare = (a: readonly number[], b: readonly number[]): number => (a[0] ?? 0) - (b[0] ?? 0);

  test.each([0, 1, 2, 499, 500, 501, 1_000, 1_501, 4_321])(
    "gives the order of a sort at once, those that are equal as they were: %i of them",
    async (count) => {
      const list = Array.from({ length: count }, (_, i) => [(i * 7_919) % 101, i]);
      expect(await sortInPieces(list, compare)).toEqual(list.toSorted(compare));
    },
  );

  test("lets others run between its parts", async () => {
    const list = Array.from({ length: 20_000 }, (_, i) => [(i * 7_919) % 20_011, i]);
    const longest = await longestPiece(() =>
      sortInPieces(list, (a, b) => {
        worked += 1 / 1_000;
        return compare(a, b);
      }),
    );
    expect(longest).toBeLessThanOrEqual(20);
  });
});
