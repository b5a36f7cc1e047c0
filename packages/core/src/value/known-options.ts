import { OptionsError } from "../errors/options-error.ts";

/** The names of all options of an interface: a table of this type lacks none and has none that is gone. */
export type OptionNames<O> = Readonly<Record<keyof O & string, true>>;

/**
 * Throws OptionsError where an object has an option that nobody looks at, and names the one that was meant.
 *
 * @param given the options as the caller gave them; anything but an object is ignored
 * @param names the options that there are
 * @param call the function that takes them
 */
export function refuseUnknownOptions(
  given: unknown,
  names: Readonly<Record<string, true>>,
  call: string,
): void {
  if (typeof given !== "object" || given === null) return;
  const option = Object.keys(given).find((name) => !Object.hasOwn(names, name));
  if (option === undefined) return;
  const known = Object.keys(names);
  const nearest = nearestOf(option, known);
  const reason = `${call} has no such option`;
  throw new OptionsError({ option, reason, call, known, ...(nearest && { nearest }) });
}

const longest = 60;

/** The name that differs least, where it differs little or is part of the other. */
function nearestOf(option: string, known: readonly string[]): string | undefined {
  const given = option.slice(0, longest).toLowerCase();
  const near = known
    .map((name) => ({ name, far: farFrom(given, name.toLowerCase()) }))
    .filter(
      ({ name, far }) =>
        far <= Math.max(1, Math.floor(given.length / 3)) || isPart(given, name.toLowerCase()),
    )
    .sort((a, b) => a.far - b.far);
  return near[0]?.name;
}

function isPart(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
}

/** How far a text is from a name, or, which is one more, from its beginning. */
function farFrom(given: string, name: string): number {
  return Math.min(distance(given, name), 1 + distance(given, name.slice(0, given.length + 1)));
}

/** How many letters have to be put in, taken out or changed, or two neighbours exchanged (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const [above = 0, left = 0, diagonal = 0] = [row[j + 1], next[j], row[j]];
      const isExchanged = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const exchanged = isExchanged ? (before[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(above + 1, left + 1, diagonal + (a[i] === b[j] ? 0 : 1), exchanged));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
