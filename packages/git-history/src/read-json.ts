import { lostNumber } from "./lost-number.ts";
import { placeOf } from "./place.ts";

/** The value of a JSON text, or why there is none, in half a sentence that quotes nothing of it. */
export type ReadJson =
  | { readonly value: unknown }
  /** It is no JSON. */
  | { readonly invalid: string }
  /** It has a number that would become another one. */
  | { readonly lost: string };

/**
 * Reads a JSON text as JSON.parse does, and takes no number for another one.
 *
 * @param text the text
 *
 * @example
 * readJson('{ "n": 9007199254740993 }')   // { lost: "an integer that no number can hold (column 8)" }
 */
export function readJson(text: string): ReadJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { invalid: withoutQuote((error as Error).message, text) };
  }
  const lost = lostNumber(text);
  return lost === undefined ? { value } : { lost };
}

const quoted = /(?:^|, )(\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s;
const atPosition = / at position (\d+)(?: \(line \d+ column \d+\))?$/;
// so much before the fault JSON.parse quotes, where there is more
const quotedBefore = 10;

/** JSON.parse's message with the place as people count, and without the piece of the text that it may quote. */
function withoutQuote(message: string, text: string): string {
  const position = atPosition.exec(message)?.[1];
  if (position !== undefined)
    return `${message.replace(atPosition, "")} (${placeOf(text, Number(position))})`;
  const [quote, cutBefore, piece = ""] = quoted.exec(message) ?? [];
  if (quote === undefined) return message;
  const what = message.slice(0, -quote.length) || "no value";
  return cutBefore === undefined ? what : `${what} (${placeOf(text, text.indexOf(piece) + quotedBefore)})`;
}
