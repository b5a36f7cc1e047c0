import type { Path } from "../value/path.ts";
import { hasOwn, isPlain } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { differInPlace, followElements } from "./follow-elements.ts";

/** A place that is followed back through the states of a document. */
export interface Place {
  /** Its path in the state that was reached. Where the place is not there, the path that it had later. */
  readonly path: Path;
  /** Set while the place is not there. */
  readonly lost?: Lost;
}

/** A later state in which the place was there, and how far the place is there now. */
interface Lost {
  /** How many of the steps lead to values that are there. */
  readonly depth: number;
  /** The path of the place in that later state. */
  readonly path: Path;
  /** The values along that path, from the whole state on. */
  readonly values: readonly unknown[];
}

/** The place of a path in a state, with indexes as numbers and keys as texts; undefined where nothing is there. */
export function placeIn(state: unknown, path: Path): Place | undefined {
  const found: (string | number)[] = [];
  let value = state;
  for (const given of path) {
    const step = Array.isArray(value) ? indexOf(given) : String(given);
    if (step === undefined || !holds(value, step)) return undefined;
    found.push(step);
    value = Reflect.get(Object(value), step);
  }
  return value === undefined ? undefined : { path: found };
}

function indexOf(step: string | number): number | undefined {
  const index = Number(step);
  return String(index) === String(step) ? index : undefined;
}

function holds(value: unknown, step: string | number): boolean {
  return typeof step === "number"
    ? Array.isArray(value) && step in value
    : isPlain(value) && hasOwn(value, step);
}

/** The value at a place of the state that was reached; undefined while the place is not there. */
export function valueAt({ path, lost }: Place, state: unknown): unknown {
  return lost === undefined ? valuesAlong(path, state).at(-1) : undefined;
}

function valuesAlong(path: Path, state: unknown): unknown[] {
  const values = [state];
  for (const step of path) values.push(Reflect.get(Object(values.at(-1)), step));
  return values;
}

/**
 * A place in the state before. Elements of arrays are followed to where they stood; undefined where the later state brought
 * an element on the way. A field is the same place wherever it has the same name, also behind a time in which it was not
 * there. Reads no more than the way to the place, and the arrays on it that differ.
 */
export function placeBefore(
  place: Place,
  before: unknown,
  after: unknown,
  types: ValueTypes,
): Place | undefined {
  const { lost } = place;
  let [steps, later, earlier] = [place.path, after, before];
  const path: (string | number)[] = [];
  for (let depth = 0; ; depth++) {
    if (depth === lost?.depth) [steps, later] = [lost.path, lost.values[depth]];
    const isThere = lost === undefined || depth >= lost.depth;
    if (Object.is(earlier, later)) return isThere ? { path: [...path, ...steps.slice(depth)] } : place;
    const step = steps[depth];
    if (earlier === undefined) return lostAt(depth, path, place, after);
    if (step === undefined) return { path };
    if (Array.isArray(earlier) && Array.isArray(later)) {
      const index = indexBefore(earlier, later, Number(step), types);
      if (index === -1) return undefined;
      path.push(index);
      [earlier, later] = [earlier[index], later[Number(step)]];
    } else if (isPlain(earlier) && isPlain(later)) {
      path.push(step);
      [earlier, later] = [hasOwn(earlier, step) ? earlier[step] : undefined, later[step]];
    } else return lostAt(depth, path, place, after);
  }
}

function lostAt(depth: number, way: Path, place: Place, after: unknown): Place {
  const known = place.lost ?? { path: place.path, values: valuesAlong(place.path, after) };
  const { path, values } = known;
  return { path: [...way, ...path.slice(depth)], lost: { depth, path, values } };
}

function indexBefore(
  before: readonly unknown[],
  after: readonly unknown[],
  index: number,
  types: ValueTypes,
): number {
  if (differInPlace(before, after, types) !== undefined) return index;
  return followElements(before, after, types).from[index] ?? -1;
}
