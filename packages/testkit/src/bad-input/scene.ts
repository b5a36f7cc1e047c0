import type { Store, StoreOptions } from "@everdraft/core";
import type { StoredCollection } from "@everdraft/core/adapter";
import { portCall, type StoreBench } from "../store-sections/store-bench.ts";
import { type Replaced, wrapStorage } from "../store-sections/wrap-storage.ts";
import { secret } from "./secret.ts";

/** A document of the scene; callers without types may put anything into one. */
// biome-ignore lint/suspicious/noExplicitAny: the subject is callers without types
export type Doc = Record<string, any>;

/** The scene of a row: a fresh storage with a living document, "d", and a deleted one, "gone". */
export interface Scene {
  readonly bench: StoreBench;
  /** The store that wrote them. */
  readonly store: Store<Doc>;
  /** A store as a process of its own would have, which knows nothing yet. */
  cold(options?: Partial<StoreOptions>): Store<Doc>;
  /** A cold store over the storage with some calls replaced. */
  over(replace: (beneath: StoredCollection) => Replaced, options?: Partial<StoreOptions>): Store<Doc>;
}

/** The state of "d" at first. */
export function firstState(): Doc {
  return {
    name: secret,
    n: 1,
    when: new Date("2026-01-02T03:04:05.678Z"),
    bytes: Uint8Array.of(1, 2, 3),
    list: [
      { id: "a", text: secret, when: new Date(5) },
      { id: "b", text: secret },
    ],
    inner: { text: secret },
  };
}

/** Sets the scene: "d" has version 2, and "gone" was deleted by version 2. */
export async function setScene(bench: StoreBench): Promise<Scene> {
  const store = bench.open<Doc>();
  await Promise.all(["d", "gone"].map((id) => store.create(id, "alice", firstState())));
  const two = store.edit("d", "alice", (draft) => {
    draft.n = 2;
  });
  await Promise.all([two, store.delete("gone", "alice")]);
  return {
    bench,
    store,
    cold: (options) => bench.open<Doc>(options),
    over: (replace, options) => {
      return bench.open<Doc>({ storage: wrapStorage(bench.storage, replace), ...options });
    },
  };
}

/** The ids that rows write to. */
const ids = ["d", "gone", "new"];

/** Everything that is stored of the documents of a scene. */
export async function pictureOf({ log, views }: StoredCollection): Promise<unknown> {
  const range = { from: 1, to: 1_000, limit: 1_000 };
  const events = await Promise.all(ids.map((id) => log.read(id, range, portCall)));
  return { events, views: await views.get(ids, portCall) };
}
