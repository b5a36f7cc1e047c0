import type { Path } from "../value/path.ts";
import { hasOwn, isPlain, type PlainObject, sameValue } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { followElements, identityOf } from "./follow-elements.ts";
import { childOf, placesNow, type Tracked } from "./track.ts";

/** A place where a later event touched a value that is to be taken back. */
export interface Touched<M> {
  /** The path now; of a value that is gone the one that it would have. */
  readonly path: Path;
  /** The value that the event had set; undefined where it took one away. */
  readonly set: unknown;
  /** The value there now; undefined where there is none. */
  readonly now: unknown;
  /** Of the later event. */
  readonly mark: M;
}

/** A change to take back: the states before and after it, and the state now, with the marks of the events since. */
export interface TakeBack<M> {
  readonly before: PlainObject;
  readonly after: PlainObject;
  readonly now: PlainObject;
  /** Tracked since the state after, from no mark on. */
  readonly root: Tracked<M | undefined>;
  readonly types: ValueTypes;
  /** Whether the change at this path is meant: of a removed value in the state before, of all else in the one after. */
  readonly isMeant: (path: Path) => boolean;
  /** Whether a place is taken back that a later event touched. Left as it is otherwise. */
  readonly takes: boolean;
}

/** The state now without a change, and the places that a later event touched. */
export interface TakenBack<M> {
  readonly state: unknown;
  readonly touched: readonly Touched<M>[];
}

/**
 * Takes a change out of the state now, and keeps all that came after it. Elements of arrays are taken where they are now; one
 * that is put back goes behind the nearest one before it that is still there. A place that is as it was before the change is
 * left, whoever made it so; one that is as the change had set it is taken back, whoever touched it in between.
 */
export function takeBack<M>(given: TakeBack<M>): TakenBack<M> {
  const walk: Walk<M> = { ...given, touched: [] };
  const at: Place<M> = { before: [], after: [], now: [], node: given.root };
  const state = backValue(given, at, walk);
  return { state, touched: walk.touched };
}

interface Walk<M> extends TakeBack<M> {
  readonly touched: Touched<M>[];
}

/** The place of one value in the three states. */
interface Place<M> {
  readonly before: Path;
  readonly after: Path;
  readonly now: Path;
  readonly node: Tracked<M | undefined>;
}

/** The value at one place in the three states. */
interface Three {
  readonly before: unknown;
  readonly after: unknown;
  readonly now: unknown;
}

function inside<M>(
  at: Place<M>,
  steps: { readonly before: Step; readonly after: Step; readonly now: Step },
): Place<M> {
  return {
    before: [...at.before, steps.before],
    after: [...at.after, steps.after],
    now: [...at.now, steps.now],
    node: childOf(at.node, steps.now),
  };
}

type Step = string | number;

function backValue<M>({ before, after, now }: Three, at: Place<M>, walk: Walk<M>): unknown {
  if (sameValue(before, after, walk.types) || sameValue(before, now, walk.types)) return now;
  // a container that was made anew since is another one
  if (!at.node.isNew) {
    if (Array.isArray(before) && Array.isArray(after) && Array.isArray(now))
      return backArray({ before, after, now }, at, walk);
    if (isPlain(before) && isPlain(after) && isPlain(now))
      return backObject({ before, after, now }, at, walk);
  }
  if (!walk.isMeant(at.after)) return now;
  return isLeft({ path: at.now, set: after, now }, at.node.touched, walk) ? now : before;
}

/** Whether a place stays as it is, since a later event touched it; notes that it did. */
function isLeft<M>(
  place: Omit<Touched<M>, "mark">,
  mark: M | undefined,
  { touched, takes, types }: Walk<M>,
): boolean {
  // touched and set again as the event had set it: an undo of an undo, say
  if (mark === undefined || sameValue(place.set, place.now, types)) return false;
  touched.push({ ...place, mark });
  return !takes;
}

interface Objects {
  readonly before: PlainObject;
  readonly after: PlainObject;
  readonly now: PlainObject;
}

function backObject<M>({ before, after, now }: Objects, at: Place<M>, walk: Walk<M>): PlainObject {
  const result: Record<string, unknown> = { ...now };
  const gone = (key: string): boolean => !hasOwn(now, key) || childOf(at.node, key).origin !== key;
  for (const key of Object.keys(before)) {
    const place = inside(at, { before: key, after: key, now: key });
    if (hasOwn(after, key) && !gone(key)) {
      result[key] = backValue({ before: before[key], after: after[key], now: now[key] }, place, walk);
    } else if (!sameValue(before[key], hasOwn(after, key) ? after[key] : undefined, walk.types)) {
      const wasRemoved = !hasOwn(after, key);
      if (!walk.isMeant(wasRemoved ? place.before : place.after)) continue;
      if (hasOwn(now, key) && sameValue(now[key], before[key], walk.types)) continue;
      // put back where nothing stands; a value that stands there since, or was taken away since, is a later event's
      const isFree = wasRemoved && !hasOwn(now, key);
      const stands = { path: place.now, set: after[key], now: now[key] };
      const mark = hasOwn(now, key) ? place.node.touched : at.node.gone?.get(key);
      if (isFree || !isLeft(stands, mark, walk)) result[key] = before[key];
    }
  }
  for (const key of Object.keys(after)) {
    const place = inside(at, { before: key, after: key, now: key });
    if (hasOwn(before, key) || !hasOwn(now, key) || !walk.isMeant(place.after)) continue;
    const stands = { path: place.now, set: after[key], now: now[key] };
    if (!isLeft(stands, place.node.touched, walk)) delete result[key];
  }
  return result;
}

interface Arrays {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
  readonly now: readonly unknown[];
}

/** An array as it is made anew: elements that stay, go or are put back. */
interface Remade {
  /** The elements of now by their index; those that go are not in it. */
  readonly staying: Map<number, unknown>;
  /** Those that are put back, in order, by the index of the element of now that they go behind; -1 for the beginning. */
  readonly putBack: Map<number, unknown[]>;
}

function backArray<M>(arrays: Arrays, at: Place<M>, walk: Walk<M>): unknown[] {
  const { before, after, now } = arrays;
  const { from, moved } = followElements(before, after, walk.types);
  const places = placesNow(at.node, now);
  const laterPlace = new Map([...from.entries()].flatMap(([j, i]) => (i === -1 ? [] : [[i, j] as const])));
  const remade: Remade = { staying: new Map(now.entries()), putBack: new Map() };
  let behind = -1;
  for (const [i, element] of before.entries()) {
    const j = laterPlace.get(i);
    const c = j === undefined ? undefined : places.get(j);
    if (j === undefined) {
      const path = [...at.before, i];
      if (walk.isMeant(path) && !isThereAgain(element, now, { ...at, now: [...at.now, i] }, walk))
        put(remade, behind, element);
      continue;
    }
    const place = inside(at, { before: i, after: j, now: c ?? j });
    if (c === undefined) {
      // gone since: its change cannot be taken back
      const differs = moved.has(j) || !sameValue(element, after[j], walk.types);
      const stands = { path: place.now, set: after[j], now: undefined };
      if (differs && walk.isMeant(place.after) && !isLeft(stands, at.node.gone?.get(j), walk))
        put(remade, behind, element);
      continue;
    }
    const value = backValue({ before: element, after: after[j], now: now[c] }, place, walk);
    const isMovedBack =
      moved.has(j) &&
      walk.isMeant(place.after) &&
      !isLeftThere(
        { path: place.now, set: after[j], now: now[c] },
        isBeside(places, j, c) ? undefined : place.node.moved,
        walk,
      );
    if (isMovedBack) {
      remade.staying.delete(c);
      put(remade, behind, value);
    } else {
      remade.staying.set(c, value);
      if (!moved.has(j)) behind = c;
    }
  }
  for (const [j, i] of from.entries()) {
    const c = i === -1 ? places.get(j) : undefined;
    if (c === undefined) continue;
    const place = inside(at, { before: j, after: j, now: c });
    const stands = { path: place.now, set: after[j], now: now[c] };
    if (walk.isMeant(place.after) && !isLeft(stands, place.node.touched, walk)) remade.staying.delete(c);
  }
  return arranged(remade, now.length);
}

/** Whether an element that was taken away stands there again, by its identity; notes it where it is another one now. */
function isThereAgain<M>(element: unknown, now: readonly unknown[], at: Place<M>, walk: Walk<M>): boolean {
  const identity = identityOf(element);
  const c = identity === undefined ? -1 : now.findIndex((one) => identityOf(one) === identity);
  if (c === -1) return false;
  if (!sameValue(now[c], element, walk.types)) {
    const mark = childOf(at.node, c).touched ?? at.node.touched;
    if (mark !== undefined)
      walk.touched.push({ path: [...at.now.slice(0, -1), c], set: undefined, now: now[c], mark });
  }
  return true;
}

/** Whether an element stands behind the same one as after the event, or first as then. */
function isBeside(places: ReadonlyMap<number, number>, after: number, now: number): boolean {
  return after === 0 ? now === 0 : places.get(after - 1) === now - 1;
}

/** Whether an element stays where it is, since a later event moved it; notes that it did. */
function isLeftThere<M>(
  place: Omit<Touched<M>, "mark">,
  moved: M | undefined,
  { touched, takes }: Walk<M>,
): boolean {
  if (moved === undefined) return false;
  touched.push({ ...place, mark: moved });
  return !takes;
}

function put({ putBack }: Remade, behind: number, value: unknown): void {
  putBack.set(behind, [...(putBack.get(behind) ?? []), value]);
}

function arranged({ staying, putBack }: Remade, length: number): unknown[] {
  const array = [...(putBack.get(-1) ?? [])];
  for (let c = 0; c < length; c++) {
    if (staying.has(c)) array.push(staying.get(c));
    array.push(...(putBack.get(c) ?? []));
  }
  return array;
}
