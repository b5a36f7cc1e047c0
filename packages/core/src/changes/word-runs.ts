import { diffWordsWithSpace } from "diff";
import type { TextRun } from "./change.ts";

/** Texts that are shorter are read at a glance. */
const longText = 80;
/** Two texts that differ in more places than this are another text. It bounds the time, which grows with its square. */
const mostEdits = 1_000;

/** The words that two long texts share and do not share, in the order of reading; undefined where that says no more than the texts. */
export function wordRuns(before: string, after: string): readonly TextRun[] | undefined {
  if (Math.max(before.length, after.length) <= longText) return undefined;
  const parts = diffWordsWithSpace(before, after, { maxEditLength: mostEdits });
  if (parts === undefined || !parts.some(({ added, removed }) => !added && !removed)) return undefined;
  return parts.map(({ added, removed, value }) => {
    const kind = added ? "added" : removed ? "removed" : "same";
    return { kind, text: value };
  });
}
