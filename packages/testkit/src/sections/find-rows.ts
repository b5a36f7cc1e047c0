import { allFound } from "./find-data.ts";

/**
 * A filter, and the ids of the documents of `findData` that it finds, in the order of ids: MongoDB's answers.
 */
export type Row = readonly [filter: Readonly<Record<string, unknown>>, ids: readonly string[]];

/** No document. */
export const none: readonly string[] = [];
const named = (ids: string): Set<string> => {
  const names = ids.split(" ");
  const unknown = names.filter((name) => !allFound.includes(name));
  if (unknown.length > 0) throw new RangeError(`no document is called ${unknown.join(" or ")}`);
  return new Set(names);
};
/** These documents, their ids parted by spaces. */
export const only = (ids: string): string[] => allFound.filter((id) => named(ids).has(id));
/** All but these documents. */
export const allBut = (ids: string): string[] => allFound.filter((id) => !named(ids).has(id));
