import { sameValue } from "@everdraft/core/internals";
import { plainTypes } from "../build/plain-types.ts";
import { oracleFollow } from "./oracle-follow.ts";

type Path = readonly (string | number)[];

const isContainer = (value: unknown): value is object =>
  Array.isArray(value) ||
  (value !== null && typeof value === "object" && !(value instanceof Date) && !(value instanceof Uint8Array));

function valueAt(state: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (isContainer(value) ? Reflect.get(value, step) : undefined),
    state,
  );
}

/** The paths of the values of a state that hold no others. */
export function leavesOf(state: unknown, path: Path = []): Path[] {
  if (!isContainer(state) || Object.keys(state).length === 0) return [path];
  return Object.keys(state).flatMap((key) =>
    leavesOf(Reflect.get(state, key), [...path, Array.isArray(state) ? Number(key) : key]),
  );
}

/**
 * The number of the state (from 1) that set the value at a path of the last one; undefined stands for no document. It walks
 * back state by state, and looks for the same place in each.
 */
export function oracleBlame(states: readonly unknown[], path: Path): number {
  let place = path;
  for (let n = states.length; n > 1; n--) {
    const earlier = placeBefore(states[n - 2], states[n - 1], place);
    if (earlier === undefined) return n;
    const [old, now] = [valueAt(states[n - 2], earlier), valueAt(states[n - 1], place)];
    if (!sameValue(old, now, plainTypes)) return n;
    place = earlier;
  }
  return 1;
}

/** The path of a place in the state before; undefined where the place came with the later one. */
export function placeBefore(before: unknown, after: unknown, path: Path): Path | undefined {
  const place: (string | number)[] = [];
  let [old, now] = [before, after];
  if (before === undefined) return undefined;
  for (const step of path) {
    if (!isContainer(old) || !isContainer(now) || Array.isArray(old) !== Array.isArray(now)) return undefined;
    const from =
      Array.isArray(old) && Array.isArray(now)
        ? oracleFollow(old, now)[Number(step)]
        : Object.hasOwn(old, step)
          ? step
          : -1;
    if (from === undefined || from === -1) return undefined;
    place.push(from);
    [old, now] = [Reflect.get(old, from), Reflect.get(now, step)];
  }
  return place;
}
