import type { FindOptions, Notice, Store } from "@everdraft/core";
import { type First, type Third, third } from "./people.ts";
import type { StoreBench } from "./store-bench.ts";

const names = ["Ada Byron", "Bob Crow", "Cid Adams", "Dan Byron", "Eve Dill", "Fay Byron", "Gus Ems"];
/** The ids of all people. */
export const ids: readonly string[] = ["a", "b", "c", "d", "e", "f", "g"];

/** A store of either schema. */
interface Mixed {
  readonly older: Store<First>;
  readonly newer: Store<Third>;
}

/** Seven people, every second one of schema 1 (a, c, e, g), the others of schema 3. */
export async function mixed(bench: StoreBench): Promise<Mixed> {
  const [older, newer] = [bench.open<First>(), bench.open<Third>(third)];
  for (const [i, name] of names.entries()) {
    const [first = "", last = ""] = name.split(" ");
    const phones = i < 3 ? [`${i}`] : [];
    const id = ids[i] as string;
    if (i % 2 === 0) await older.create(id, "alice", { name, ...(i < 3 && { phone: `${i}` }) });
    else await newer.create(id, "alice", { first, last, phones });
  }
  return { older, newer };
}

/** The notices of a type. */
export const told = (notices: readonly Notice[], type: Notice["type"]): Notice[] =>
  notices.filter((notice) => notice.type === type);

/** The ids that a find gives. */
export async function found(
  store: Store<Third>,
  filter: object,
  options: FindOptions<Third> = {},
): Promise<string> {
  const documents = await store.find(filter, options).toArray();
  return documents.map(({ id }) => id).join("");
}

/** The same people in a collection of their own. */
export async function mixedAgain(bench: StoreBench, collection: string): Promise<Store<Third>> {
  const open = <T extends object>(options = {}) => bench.open<T>({ collection, ...options });
  return (await mixed({ ...bench, open })).newer;
}

/** Ids, one behind the other. */
export async function idsOf(documents: AsyncIterable<{ readonly id: string }>): Promise<string> {
  let all = "";
  for await (const { id } of documents) all += id;
  return all;
}
