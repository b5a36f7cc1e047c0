import type { Path } from "../value/path.ts";
import { hasOwn, isPlain, type PlainObject, sameLeaf } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { differInPlace, type Followed, followElements } from "./follow-elements.ts";

/*
 * A tracked replay carries a mark for every value of a state: that of the event that set it. The marks stand in a tree
 * beside the state. A value without a node of its own was set together with the container around it, so the tree is as
 * large as the changes, not as the state.
 */

/** A value of the state, and the marks of the events that set it. */
export interface Tracked<M> {
  /** Of the event that set the value; of a container, that made it. */
  mark: M;
  /** Of the newest event that changed the value or anything inside of it. */
  touched: M;
  /** Its place in the container around it when tracking began; undefined where it came since. Of no meaning at the root. */
  readonly origin: string | number | undefined;
  /** Of the newest event that moved it among the elements of its array; undefined where none did since tracking began. */
  moved: M | undefined;
  /** Whether all of it was set since tracking began, and not only a part of it. */
  isNew: boolean;
  /** The values inside that have nodes of their own: by key, or by index. */
  inner: Map<string | number, Tracked<M>> | undefined;
  /** Of the events that took values away, by the places that those had when tracking began. */
  gone: Map<string | number, M> | undefined;
}

/** An event on the way: its mark, and whether the values that it changes keep the marks that they have. */
export interface Marking<M> {
  readonly mark: M;
  readonly isIgnored: boolean;
  readonly types: ValueTypes;
}

/** Begins to track: every value of a state has this mark, until an event sets it. */
export function track<M>(mark: M): Tracked<M> {
  return {
    mark,
    touched: mark,
    origin: 0,
    moved: undefined,
    isNew: false,
    inner: undefined,
    gone: undefined,
  };
}

/**
 * Takes an event into the tree: the state before it and the state after it. Elements of arrays take their marks along.
 * Reads no more than differs where the states share their equal parts. Whether anything differed.
 */
export function advance<M>(node: Tracked<M>, before: unknown, after: unknown, step: Marking<M>): boolean {
  if (Object.is(before, after)) return false;
  const changed =
    Array.isArray(before) && Array.isArray(after)
      ? advanceArray(node, before, after, step)
      : isPlain(before) && isPlain(after)
        ? advanceObject(node, before, after, step)
        : advanceLeaf(node, before, after, step);
  if (changed && !step.isIgnored) node.touched = step.mark;
  return changed;
}

function advanceLeaf<M>(
  node: Tracked<M>,
  before: unknown,
  after: unknown,
  { mark, isIgnored, types }: Marking<M>,
): boolean {
  if (sameLeaf(before, after, types)) return false;
  if (!isIgnored) node.mark = mark;
  node.isNew = true;
  node.inner = undefined;
  return true;
}

function advanceObject<M>(
  node: Tracked<M>,
  before: PlainObject,
  after: PlainObject,
  step: Marking<M>,
): boolean {
  let changed = false;
  for (const key of Object.keys(before)) {
    if (hasOwn(after, key)) continue;
    takeAway(node, key, step);
    node.inner?.delete(key);
    changed = true;
  }
  for (const key of Object.keys(after)) {
    if (!hasOwn(before, key)) {
      innerOf(node).set(key, added(step));
      changed = true;
    } else if (!Object.is(before[key], after[key])) {
      if (advanceInner(node, key, [before[key], after[key]], step)) changed = true;
    }
  }
  return changed;
}

function advanceArray<M>(
  node: Tracked<M>,
  before: readonly unknown[],
  after: readonly unknown[],
  step: Marking<M>,
): boolean {
  const differ = differInPlace(before, after, step.types);
  if (differ !== undefined) {
    let changed = false;
    for (const i of differ) if (advanceInner(node, i, [before[i], after[i]], step)) changed = true;
    return changed;
  }
  const followed = followElements(before, after, step.types);
  const { from } = followed;
  let changed = followed.removed.length > 0 || before.length !== after.length;
  for (const i of followed.removed) takeAway(node, i, step);
  for (let j = 0; j < from.length && !changed; j++) changed = from[j] !== j;
  if (changed) node.inner = rearranged(node, followed, step);
  for (let j = 0; j < from.length; j++) {
    const i = from[j] ?? -1;
    if (i === -1 || Object.is(before[i], after[j])) continue;
    if (advanceInner(node, j, [before[i], after[j]], step)) changed = true;
  }
  return changed;
}

/** Takes an event into the value at a place. Whether anything differed. */
function advanceInner<M>(
  node: Tracked<M>,
  place: string | number,
  [before, after]: readonly [unknown, unknown],
  step: Marking<M>,
): boolean {
  const child = childOf(node, place);
  if (!advance(child, before, after, step)) return false;
  innerOf(node).set(place, child);
  return true;
}

/** The nodes of an array's elements where they are now. One that is elsewhere now needs a node, which tells where it was. */
function rearranged<M>(
  node: Tracked<M>,
  { from, moved }: Followed,
  step: Marking<M>,
): Map<string | number, Tracked<M>> {
  const inner = new Map<string | number, Tracked<M>>();
  for (let j = 0; j < from.length; j++) {
    const i = from[j] ?? -1;
    if (i === -1) inner.set(j, added(step));
    else if (i !== j || moved.has(j) || node.inner?.has(i)) inner.set(j, childOf(node, i));
    const here = inner.get(j);
    if (here !== undefined && moved.has(j)) here.moved = step.mark;
  }
  return inner;
}

function takeAway<M>(node: Tracked<M>, place: string | number, { mark }: Marking<M>): void {
  const { origin } = childOf(node, place);
  if (origin === undefined) return;
  node.gone ??= new Map();
  node.gone.set(origin, mark);
}

function innerOf<M>(node: Tracked<M>): Map<string | number, Tracked<M>> {
  node.inner ??= new Map();
  return node.inner;
}

function added<M>({ mark }: Marking<M>): Tracked<M> {
  return {
    mark,
    touched: mark,
    origin: undefined,
    moved: undefined,
    isNew: true,
    inner: undefined,
    gone: undefined,
  };
}

/** The node of a value inside: its own, or one that says the same as the node around it. */
export function childOf<M>({ mark, isNew, inner }: Tracked<M>, step: string | number): Tracked<M> {
  return (
    inner?.get(step) ?? {
      mark,
      touched: mark,
      origin: isNew ? undefined : step,
      moved: undefined,
      isNew,
      inner: undefined,
      gone: undefined,
    }
  );
}

/** The path that a value had when tracking began, from its path now; undefined where it came since. */
export function pathAtStart<M>(root: Tracked<M>, path: Path): Path | undefined {
  const origins: (string | number)[] = [];
  let node = root;
  for (const step of path) {
    node = childOf(node, step);
    if (node.origin === undefined) return undefined;
    origins.push(node.origin);
  }
  return origins;
}

/** The path now of a value that was at a path when tracking began, in the state of now; undefined where it is gone. */
export function pathNow<M>(root: Tracked<M>, path: Path, state: unknown): Path | undefined {
  const now: (string | number)[] = [];
  let [node, value] = [root, state];
  for (const origin of path) {
    const place = placeOf(node, origin, value);
    if (place === undefined) return undefined;
    now.push(place);
    node = childOf(node, place);
    value = Reflect.get(Object(value), place);
  }
  return now;
}

/** The indexes now of an array's elements, by those that they had when tracking began; those that are gone are not in it. */
export function placesNow<M>(node: Tracked<M>, array: readonly unknown[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (let i = 0; i < array.length; i++) {
    const { origin } = childOf(node, i);
    if (typeof origin === "number") places.set(origin, i);
  }
  return places;
}

function placeOf<M>(node: Tracked<M>, origin: string | number, value: unknown): string | number | undefined {
  if (isPlain(value))
    return hasOwn(value, origin) && childOf(node, origin).origin === origin ? origin : undefined;
  return Array.isArray(value) ? placesNow(node, value).get(Number(origin)) : undefined;
}
