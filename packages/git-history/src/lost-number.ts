import { placeOf } from "./place.ts";

/** How a number would become another one. */
export type Loss = "integer" | "digits" | "range";

const words: Readonly<Record<Loss, string>> = {
  integer: "an integer that no number can hold",
  digits: "a number with more digits than a number can hold",
  range: "a number that is too large or too small for a number to hold",
};

// fewer digits are kept in any case, unless the exponent is large
const suspicious = /\d[\d.]{15}|\d[eE][-+]?\d{3}/;
const textOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** The first number of a valid JSON text that JSON.parse would make another one, in words; undefined where all are kept. */
export function lostNumber(json: string): string | undefined {
  if (!suspicious.test(json)) return undefined;
  for (const { 0: token, index } of json.matchAll(textOrNumber)) {
    const loss = token.startsWith('"') ? undefined : lossOf(token);
    if (loss !== undefined) return lossAt(loss, json, index);
  }
  return undefined;
}

/** A loss in words, with its place in a text. */
export function lossAt(loss: Loss, text: string, index: number): string {
  return `${words[loss]} (${placeOf(text, index)})`;
}

/**
 * How the number that JSON or YAML writes so is another one than JavaScript's. Undefined where it is the same: written in
 * full, as short as it goes, or (a fraction) rounded to as many digits as are written, as other programs write theirs.
 */
export function lossOf(text: string): Loss | undefined {
  const unsigned = text.replace(/^[-+]/, "");
  if (/^\.(inf|nan)$/i.test(unsigned)) return undefined;
  const number = Number(unsigned);
  if (/^0[xo]|^\d+$/.test(unsigned)) {
    if (!Number.isFinite(number)) return "range";
    return BigInt(number) === BigInt(unsigned) || isSame(unsigned, String(number)) ? undefined : "integer";
  }
  const { digits } = significant(unsigned);
  if (digits === "") return undefined;
  if (isSame(unsigned, String(number)) || isSame(unsigned, rounded(number, digits))) return undefined;
  return Number.isFinite(number) && number >= smallestPrecise ? "digits" : "range";
}

// below, a number has fewer digits
const smallestPrecise = 2 ** -1022;
const mostDigits = 101;

function rounded(number: number, { length }: string): string {
  return number.toExponential(Math.min(length, mostDigits) - 1);
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [significant(a), significant(b)];
  return one.digits === other.digits && one.magnitude === other.magnitude;
}

/** The digits of a decimal number between its zeros, and the power of ten of the first one. */
function significant(decimal: string): { digits: string; magnitude: number } {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(decimal) ?? [];
  const all = whole + fraction;
  const from = all.search(/[1-9]/);
  let to = all.length;
  while (to > 0 && all[to - 1] === "0") to--;
  return { digits: from < 0 ? "" : all.slice(from, to), magnitude: whole.length - from + Number(exponent) };
}
