import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import { afterSnapshot, snapshotDue } from "../fold/snapshot.ts";
import type { KnownView } from "../port/view.ts";
import { viewOf } from "../projection/view-of.ts";
import type { RowKeeper } from "../views/row-keeper.ts";
import type { ViewKeeper, ViewState } from "../views/view-keeper.ts";
import { type Appended, append, type Sending } from "./append.ts";
import type { Batcher } from "./batcher.ts";
import type { BuiltEvent } from "./build-event.ts";
import type { SnapshotKeeper } from "./snapshot-keeper.ts";

/** An event of a chain, and who waits for it. */
export interface ChainedEvent extends Omit<Sending, "event" | "view" | "rows" | "before"> {
  readonly built: BuiltEvent;
}

/** How the storing of a chain ended. */
export interface StoredChain extends Pick<Appended, "stored" | "failure"> {
  /** How far the view of the last stored event is; undefined where none is stored. */
  readonly view: ViewState | undefined;
}

/**
 * Stores a document's next events and lets everything follow: the slot rule, then snapshots, the cache, the view and the
 * rows. The one way by which events get into the log. `before` is the view that the first of them follows on, as far as it
 * is known.
 */
export type StoreChain = (
  on: OnDocument,
  chain: readonly ChainedEvent[],
  before: KnownView,
) => Promise<StoredChain>;

/** Parts of a store that follow an event. */
interface Followers {
  readonly batcher: Batcher;
  readonly views: ViewKeeper;
  readonly rows: RowKeeper;
  readonly snapshots: SnapshotKeeper;
}

/** Makes it for one store. */
export function createStoreChain(
  resources: Resources,
  { batcher, views, rows, snapshots }: Followers,
): StoreChain {
  const { cache, types } = resources;

  /** The events as they are sent, the last one with its view and its rows. */
  const sendings = async (
    on: OnDocument,
    chain: readonly ChainedEvent[],
    before: KnownView,
  ): Promise<Sending[]> => {
    const { built: newest, inContext } = chain.at(-1) as ChainedEvent;
    const events = chain.map(({ built }) => built.event);
    const rowsWithIt = await inContext(() => rows.withEvents(on, newest.folded, events));
    const view = viewOf(newest.folded, on.doc, types, before);
    return chain.map(({ built, ...sending }, i) => ({
      event: built.event,
      ...sending,
      ...(i === chain.length - 1 && { view, before, rows: rowsWithIt }),
    }));
  };

  return async (on, chain, before) => {
    const { doc } = on;
    const sent = await sendings(on, chain, before);
    const appended = await append(resources, batcher, sent, on.deadline);
    const { stored, failure } = appended;
    const newest = chain[stored - 1];
    if (newest === undefined) return { stored, failure, view: undefined };
    for (const { built } of chain.slice(0, stored))
      if (snapshotDue(built.folded, types)) snapshots.keep(doc, built.folded);
    const folded = afterSnapshot(newest.built.folded, types);
    cache.put(doc, { folded, view: undefined });
    const view = await newest.inContext(() => views.follow(on, newest.built.folded, appended));
    if (view === "drift") cache.delete(doc);
    // where its snapshot failed the document was forgotten meanwhile
    const isKept = cache.get(doc)?.folded === folded;
    const written = sent[stored - 1]?.view;
    if (view === "current" && isKept && written !== undefined) cache.put(doc, { folded, view: written });
    return { stored, failure, view };
  };
}
