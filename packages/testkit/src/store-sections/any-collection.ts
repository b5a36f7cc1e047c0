import type { Filter, FindOptions, Store } from "@everdraft/core";
import * as fc from "fast-check";

/** The documents of a random collection. */
export interface Item {
  n: number;
  tag?: string;
  list: string[];
}

/** One write to one of the documents: a living one is edited or deleted, another one created or restored. */
export interface Deed {
  readonly doc: number;
  /** Which of the writers does it. */
  readonly writer: number;
  /** How far the common clock moves before, in milliseconds. */
  readonly wait: number;
  readonly item: Item;
  readonly act: "put" | "end";
}

/** The ids of the documents, in their order. */
export const itemIds: readonly string[] = ["a", "b", "c", "d", "e", "f", "g", "h"];

const tags = ["x", "y", "z"];
const anyItem: fc.Arbitrary<Item> = fc
  .record({
    n: fc.integer({ min: 0, max: 4 }),
    tag: fc.option(fc.constantFrom(...tags), { nil: undefined }),
    list: fc.array(fc.constantFrom(...tags), { maxLength: 2 }),
  })
  .map(({ n, tag, list }) => ({ n, list, ...(tag !== undefined && { tag }) }));

/** Writes to the documents of a collection, by so many writers. */
export function anyDeeds(writers: number): fc.Arbitrary<Deed[]> {
  const deed = fc.record({
    doc: fc.nat({ max: itemIds.length - 1 }),
    writer: fc.nat({ max: writers - 1 }),
    wait: fc.integer({ min: 0, max: 3 }),
    item: anyItem,
    act: fc.oneof(
      { weight: 4, arbitrary: fc.constant<Deed["act"]>("put") },
      { weight: 1, arbitrary: fc.constant<Deed["act"]>("end") },
    ),
  });
  return fc.array(deed, { minLength: 6, maxLength: 40, size: "max" });
}

/** A filter of the kind that callers write. */
export const anyFilter: fc.Arbitrary<Filter<Item>> = fc.oneof(
  fc.constant({}),
  fc.nat({ max: 4 }).map((n): Filter<Item> => ({ n })),
  fc.nat({ max: 4 }).map((n): Filter<Item> => ({ n: { $gte: n } })),
  fc.constantFrom(...tags).map((tag): Filter<Item> => ({ tag: { $ne: tag } })),
  fc.constantFrom(...tags).map((tag): Filter<Item> => ({ list: tag })),
  fc.subarray([...itemIds]).map((ids): Filter<Item> => ({ _id: { $in: ids } })),
  fc
    .record({ n: fc.nat({ max: 4 }), id: fc.constantFrom(...itemIds) })
    .map(({ n, id }): Filter<Item> => ({ $or: [{ n: { $lt: n } }, { _id: { $gt: id } }] })),
);

/** The options of a find: an order, a limit, or neither. */
export const anyFindOptions: fc.Arbitrary<FindOptions<Item>> = fc
  .record({
    sort: fc.constantFrom<FindOptions<Item>["sort"][]>(
      undefined,
      { n: 1 },
      { n: -1, tag: 1 },
      { list: 1 },
      { list: -1, n: 1 },
      { _id: -1 },
    ),
    limit: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  })
  .map(({ sort, limit }) => ({ ...(sort && { sort }), ...(limit !== undefined && { limit }) }));

/** Does them one after the other. */
export async function doAll(
  stores: readonly Store<Item>[],
  deeds: readonly Deed[],
  wait: (ms: number) => void,
): Promise<void> {
  for (const deed of deeds) {
    wait(deed.wait);
    const [store, id] = [stores[deed.writer], itemIds[deed.doc]];
    if (store !== undefined && id !== undefined) await doOne(store, id, deed);
  }
}

async function doOne(store: Store<Item>, id: string, { act, item, writer }: Deed): Promise<void> {
  const user = `writer-${writer}`;
  const isLiving = (await store.read(id)) !== undefined;
  if (act === "put") {
    if (isLiving) await store.replace(id, user, item);
    else await store.create(id, user, item);
  } else if (isLiving) await store.delete(id, user);
  // one that never lived cannot be restored
  else if ((await store.history(id).toArray()).length > 0) await store.restore(id, user);
}
