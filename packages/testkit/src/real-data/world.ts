import { createStore, type Notice, type Revision, type Store } from "@everdraft/core";
import { type Storage, valueTypes } from "@everdraft/core/adapter";
import { digestOf } from "@everdraft/core/internals";
import type { OpenedStorage, StorageFixture } from "../fixture.ts";
import type { Expected } from "./expected.ts";
import { readHistories, type SourceRevision } from "./histories.ts";

/** A state of the real data. */
export type State = Record<string, unknown>;

/** A storage and a store on it, with the store's notices. */
export interface World {
  readonly expected: Expected;
  readonly storage: Storage<string>;
  readonly store: Store<State>;
  readonly notices: readonly Notice[];
  /** The digest of a state as the library computes it. */
  digest(state: object): string;
  /** The same data in a later process, where the storage keeps its data; else the same world. Ends this one. */
  later(): Promise<World>;
  /** Closes everything. */
  close(): Promise<void>;
}

/** The collection of the documents. */
const collection = "histories";

/** Opens a fresh storage and a store on it. */
export async function openWorld(fixture: StorageFixture, expected: Expected): Promise<World> {
  const opened = await fixture.open();
  return worldOn(opened.storage, opened, expected, []);
}

function worldOn(
  storage: Storage<string>,
  opened: OpenedStorage,
  expected: Expected,
  notices: Notice[],
): World {
  const store = createStore<State>({
    collection,
    storage,
    // the newest revisions lie in the future of a machine whose clock is wrong
    clock: () => Math.max(Date.now(), expected.newest + 1),
    onNotice: (notice) => notices.push(notice),
  });
  const types = valueTypes(storage.capabilities.valueTypes);
  const world: World = {
    expected,
    storage,
    store,
    notices,
    digest: (state) => digestOf(state, types),
    later: async () => {
      if (opened.reopen === undefined) return world;
      await store.close();
      await storage.close();
      return worldOn(await opened.reopen(), opened, expected, notices);
    },
    close: async () => {
      await store.close();
      await storage.close();
      await opened.close();
    },
  };
  return world;
}

/** A revision as an import takes it. */
function toImport({ id, at, by, note, doc }: SourceRevision): Revision<State> {
  return {
    id,
    at: new Date(at),
    by,
    state: doc as State | null,
    ...(note !== undefined && { reason: note }),
  };
}

/** The revisions of a file as an import takes them. */
export async function* revisionsOf(path: string): AsyncGenerator<Revision<State>> {
  for await (const revision of readHistories(path)) yield toImport(revision);
}
