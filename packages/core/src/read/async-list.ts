import { checkPageOptions } from "../context/check-options.ts";
import { pace } from "../port/pace.ts";
import type { FindPlan } from "../port/view-store.ts";
import type { PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { cursorAt, readCursor } from "./cursor.ts";

/** Which page of a list. */
export interface PageOptions {
  /** At most so many items, from 1. */
  readonly limit: number;
  /** The `next` of the page before. Default: the first page. */
  readonly cursor?: string;
}

/** A page of a list. */
export interface Page<V> {
  /** The items, in the order of the list. */
  readonly items: readonly V[];
  /** The cursor of the next page; left out where this one is the last. */
  readonly next?: string;
  /** Set where rows may be missing that this process has still to write. */
  readonly incomplete?: true;
}

/** A result that is read as it is iterated. Leaving the loop early ends the reading. */
export interface AsyncList<V> extends AsyncIterable<V> {
  /** All of it at once. */
  toArray(): Promise<V[]>;
  /**
   * One page. A cursor is a text that a client may keep: it says where the page before ended, so nothing is held open between
   * two pages. It holds the place of one item (of a sorted find the values of its sort fields, encoded, not encrypted), and
   * goes on with the same call alone. Over the pages each item comes at most once, unless it is edited so that it moves in
   * the order meanwhile. Cost: one item more than asked for. Throws OptionsError for a cursor of another list, or none.
   *
   * @example
   * const { items, next } = await orders.find({ status: "open" }, { sort: { customer: 1 } }).page({ limit: 20 });
   */
  page(options: PageOptions): Promise<Page<V>>;
}

/** The events of all documents, as `changes` gives them. */
export interface ChangeList<V> extends AsyncList<V> {
  /**
   * How its pages are found now: by an index of `logIndexes` (`log.by`, `log.type`, `log.act`), or by a scan of all events
   * between its times. Without conditions it is the index of their order (`log.at`). Conditions that are not those of the index are
   * checked on each event that the index gives. Reads no events.
   */
  explain(): Promise<FindPlan>;
}

/** An item of a list, and its place: plain values, behind which the list may be read on. */
export interface Listed<V> {
  readonly item: V;
  readonly place: unknown;
}

/** A list whose options are checked. */
export interface Listing<V> {
  /** All that decides which items there are, and in which order. */
  readonly key: PlainObject;
  /** At most so many items in all. */
  readonly limit: number;
  /** Reads so many items behind a place. Throws OptionsError for a place that is none of this list. */
  read(behind: unknown, limit: number): AsyncIterable<Listed<V>>;
  /** Whether items may be missing. Known once the first was asked for. */
  readonly incomplete?: () => boolean;
}

/** Makes a list; each iteration and each page begins the listing anew. */
export function asyncList<V>(begin: () => Listing<V>, types: ValueTypes): AsyncList<V> {
  async function* items(): AsyncGenerator<V> {
    const { limit, read } = begin();
    for await (const { item } of read(undefined, limit)) {
      yield item;
      if (pace.isDue()) await pace.turn();
    }
  }
  return {
    [Symbol.asyncIterator]: items,
    toArray: async () => {
      const all: V[] = [];
      const { limit, read } = begin();
      for await (const { item } of read(undefined, limit)) {
        all.push(item);
        if (pace.isDue()) await pace.turn();
      }
      return all;
    },
    page: async (options) => {
      checkPageOptions(options);
      const listing = begin();
      return readPage(listing, options, types);
    },
  };
}

async function readPage<V>(
  listing: Listing<V>,
  { limit, cursor }: PageOptions,
  types: ValueTypes,
): Promise<Page<V>> {
  const { key, read, incomplete } = listing;
  const { given, place: behind } = readCursor(cursor, key, types);
  const left = Math.max(0, listing.limit - given);
  const items: V[] = [];
  let last: unknown;
  let next: string | undefined;
  // one more tells whether there is a next page
  for await (const { item, place } of read(behind, Math.min(limit + 1, left))) {
    if (items.length === limit) {
      next = cursorAt({ given: given + limit, place: last }, key, types);
      break;
    }
    items.push(item);
    last = place;
    if (pace.isDue()) await pace.turn();
  }
  return {
    items,
    ...(next !== undefined && { next }),
    ...(incomplete?.() === true && { incomplete: true }),
  };
}
