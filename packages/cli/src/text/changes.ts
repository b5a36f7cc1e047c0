import type { Change } from "@everdraft/core";
import type { Codec } from "../documents/ejson.ts";
import type { Colours } from "../terminal/terminal.ts";
import { cut, plain } from "./text.ts";

/** A place in a document: keys with dots between, in brackets where they are indexes or hold dots or spaces. */
function placeOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the document";
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[^\s.[\]"]+$/.test(step) ? `.${plain(step)}` : `[${plain(JSON.stringify(step))}]`;
  });
  return steps.join("").replace(/^\./, "");
}

const shownBefore = 16;

/** From where two long texts are worth showing. */
function firstDifference(before: string, after: string, length: number): number {
  if (before.length <= length && after.length <= length) return 0;
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  return same <= 2 * shownBefore ? 0 : same - shownBefore;
}

/**
 * One difference: the old value after `-`, the new one after `+`, so that it is readable without colours too. Values longer than
 * `length` characters are cut.
 */
export function changeLines(change: Change, codec: Codec, colours: Colours, length: number): string[] {
  const place = placeOf(change.path);
  if (change.kind === "added")
    return [colours.green(`+ ${place}: ${shown(codec.line(change.after), 0, length)}`)];
  if (change.kind === "removed")
    return [colours.red(`- ${place}: ${shown(codec.line(change.before), 0, length)}`)];
  const [before, after] = [codec.line(change.before), codec.line(change.after)];
  const from = firstDifference(before, after, length);
  return [
    colours.red(`- ${place}: ${shown(before, from, length)}`),
    colours.green(`+ ${place}: ${shown(after, from, length)}`),
  ];
}

function shown(text: string, from: number, length: number): string {
  return cut(plain(from > 0 ? `…${text.slice(from)}` : text), length);
}

/** Many differences, with how many of each kind there are. */
export function changesSummary(changes: readonly Change[]): string {
  const of = (kind: Change["kind"]): number => changes.filter((change) => change.kind === kind).length;
  return `${of("added")} added, ${of("removed")} removed, ${of("changed")} changed`;
}
