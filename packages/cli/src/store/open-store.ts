import { createStore, type Notice, type Store, type StoreOptions } from "@everdraft/core";
import { type StoredCollection, valueTypes } from "@everdraft/core/adapter";
import { type Codec, createCodec } from "../documents/ejson.ts";
import { UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import { listed } from "../text/text.ts";
import type { Connected } from "./connect.ts";
import { findTargets, notThere, type Target, type TargetOptions } from "./targets.ts";

/** A state, whatever is in it. */
export type State = Record<string, unknown>;

/** A store with ids of any kind. */
type AnyStore = Store<State, unknown>;

/** An open store, with its storage and its connection. */
export interface OpenStore {
  readonly target: Target;
  readonly store: AnyStore;
  readonly connected: Connected;
  readonly codec: Codec;
  /** A document of a newer schema that a find or count left out, where there was one. */
  leftOut(): Extract<Notice, { readonly type: "newer-schema" }> | undefined;
  /** The collection of the storage that belongs to it. */
  stored(): Promise<StoredCollection>;
}

/**
 * Opens the one store that the command line names, lets the work use it, and closes it. Throws UsageError where it
 * names none, or several.
 */
export async function withStore<R>(
  session: Session,
  work: (open: OpenStore) => Promise<R>,
  options: TargetOptions = {},
): Promise<R> {
  const targets = await findTargets(session, options);
  try {
    const [target, ...others] = targets.all;
    if (target === undefined || others.length > 0) {
      const { option, where } = targets.several;
      const names = listed(targets.all.map(({ name }) => name));
      throw new UsageError(`There are several ${where}: name one by ${option}, of ${names}.`);
    }
    return await withTarget(session, target, work, options);
  } finally {
    await targets.close();
  }
}

/** Opens a store, lets the work use it, and closes it. */
export async function withTarget<R>(
  session: Session,
  target: Target,
  work: (open: OpenStore) => Promise<R>,
  { make = false }: TargetOptions = {},
): Promise<R> {
  const { collection } = target.options;
  if (!make && !target.exists()) throw notThere(session, target.where);
  const connected = await target.connect();
  try {
    const { storage } = connected;
    if (!make) {
      const known = await storage.collections?.(session.call);
      if (known !== undefined && !known.includes(collection)) throw unknownCollection(target, known);
    }
    let leftOut: ReturnType<OpenStore["leftOut"]>;
    const onNotice = (notice: Notice): void => {
      if (notice.type === "newer-schema") leftOut ??= notice;
      target.options.onNotice?.(notice);
    };
    const storeOptions = { ...target.options, storage, onNotice };
    const store = createStore<State, never>(storeOptions as StoreOptions<State, never>);
    const { valueTypes: declared } = storage.capabilities;
    try {
      return await work({
        target,
        store,
        connected,
        codec: createCodec(declared, valueTypes(declared)),
        leftOut: () => leftOut,
        stored: () => storage.open(collection, session.call),
      });
    } finally {
      await store.close();
    }
  } finally {
    await connected.close();
  }
}

function unknownCollection({ options, where }: Target, known: readonly string[]): UsageError {
  const others = known.length === 0 ? "it has none yet" : `it has ${listed(known)}`;
  return new UsageError(
    `There is no collection ${JSON.stringify(options.collection)} in ${where}; ${others}. Only init and import make one.`,
  );
}
