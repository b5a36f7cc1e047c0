import { type ListEditName, replaceAt, type Scene } from "./edit.ts";
import { isObject } from "./places.ts";

/** The edits of an array. */
export const listEdits: Readonly<Record<ListEditName, (list: unknown[], scene: Scene) => void>> = {
  push: (list, { value }) => list.push(value),
  pushTwo: (list, { value, key }) => list.push(value, { id: key, v: 1 }),
  pop: (list) => list.pop(),
  shift: (list) => list.shift(),
  unshift: (list, { value }) => list.unshift(value),
  splice: (list, { i, j, value }) =>
    list.splice(i % (list.length + 1), j % 4, ...(j % 3 === 0 ? [] : [value])),
  truncate: (list, { i }) => {
    list.length = Math.min(list.length, i % 4);
  },
  setIndex: (list, { i, value }) => {
    if (list.length > 0) list[i % list.length] = value;
  },
  sort: (list) => list.sort((a, b) => compare(sortKey(a), sortKey(b))),
  reverse: (list) => list.reverse(),
  swapIndexes: (list, { i, j }) => {
    if (list.length < 2) return;
    const [a, b] = [i % list.length, j % list.length];
    [list[a], list[b]] = [list[b], list[a]];
  },
  moveIndex: (list, { i, j }) => {
    if (list.length > 1) list.splice(j % list.length, 0, ...list.splice(i % list.length, 1));
  },
  editElement: (list, { i, value }) => {
    const objects = list.filter((item) => isObject(item) && !Object.isFrozen(item));
    const element = objects[i % objects.length];
    if (isObject(element)) element.v = value;
  },
  filter: (list, { place, i }) =>
    replaceAt(
      place,
      list.filter((_, index) => index % 2 === i % 2),
    ),
  map: (list, { place }) =>
    replaceAt(
      place,
      list.map((item) => (isObject(item) ? { ...item, m: 1 } : item)),
    ),
  concat: (list, { place, value }) => replaceAt(place, [value, ...list]),
};

function sortKey(value: unknown): string {
  if (isObject(value)) return `object ${plainText(value.id)} ${plainText(value.v)}`;
  return plainText(value);
}

// never String(value): an object may hold a key toString
function plainText(value: unknown): string {
  return `${typeof value} ${typeof value === "number" || typeof value === "string" ? value : ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
