import { createStore, type Revision } from "@everdraft/core";
import { isPlain } from "@everdraft/core/adapter";
import { idText } from "../documents/document-id.ts";
import { listDocuments } from "../documents/documents.ts";
import { revisionsOf } from "../documents/revisions-of.ts";
import { FailedError, UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import type { OpenStore, State } from "../store/open-store.ts";
import { mongoDocuments } from "./mongo-documents.ts";
import type { Rows } from "./rows.ts";
import type { ImportSource, LeftOut } from "./source.ts";
import { sqliteRows } from "./sqlite-rows.ts";

/**
 * An existing collection of the same place: one of Everdraft with its whole history, else a plain one (a MongoDB collection,
 * a SQLite table), each of whose documents becomes one revision by `user` at `at`. Throws UsageError.
 */
export async function collectionSource(
  session: Session,
  open: OpenStore,
  collection: string,
  made: {
    readonly name: string | undefined;
    readonly user: string | undefined;
    readonly at: Date | undefined;
  },
): Promise<ImportSource> {
  if (collection === open.target.options.collection) {
    throw new UsageError(
      "A collection cannot be imported into itself. Import it into a new one: --uri … --collection NEW --from-collection OLD.",
    );
  }
  const name = made.name ?? `collection:${collection}`;
  const known = await open.connected.storage.collections?.(session.call);
  if (known?.includes(collection) === true) return historySource(session, open, collection, name);
  const isPart = /^\.(events$|snapshots$|rows\.)/;
  const owner = known?.find(
    (name) => collection.startsWith(name) && isPart.test(collection.slice(name.length)),
  );
  if (owner !== undefined)
    throw new UsageError(
      `${JSON.stringify(collection)} is a part of the collection ${JSON.stringify(owner)}: import that, and its history comes with it.`,
    );
  const rows = await rowsOf(open, collection);
  const { user } = made;
  if (user === undefined)
    throw new UsageError("--as is missing: the documents have no history yet, so say who brings them in.");
  // opening the store would make its collection
  const isThere = known === undefined || known.includes(open.target.options.collection);
  const at =
    made.at ??
    (isThere ? await firstRun(session, open, name, rows) : undefined) ??
    (await justNow(session, open));
  const leftOut: LeftOut[] = [];
  const revisions = async function* (): AsyncGenerator<Revision<object, unknown>> {
    leftOut.length = 0;
    for await (const { id, state, lost } of rows.all()) {
      if (lost !== undefined) {
        leftOut.push({ what: idText(id), why: lost });
        continue;
      }
      yield { id, at, by: user, state };
    }
  };
  const { total } = rows;
  return {
    name,
    title: `the collection ${collection}`,
    documents: total,
    total,
    revisions,
    leftOut,
    nameOf: idText,
    close: async () => {},
  };
}

/** How many documents are looked at for events of an earlier run: the first of them may have been left out. */
const lookedAt = 100;

/** When an earlier run of this import said that its documents came to be so: a rerun must say the same. */
async function firstRun(
  session: Session,
  { store, connected }: OpenStore,
  name: string,
  rows: Rows,
): Promise<Date | undefined> {
  // a table of the same file that is being read would be in the way
  const ids: unknown[] = [];
  for await (const { id } of rows.all()) if (ids.push(id) === lookedAt) break;
  const { idKinds } = connected.storage.capabilities;
  for (const id of ids) {
    if (id === "" || !idKinds.some((kind) => kind.is(id))) continue;
    const [first] = await store.history(id, { order: "oldest", limit: 1, ...session.call }).toArray();
    const origin = first?.type === "imported" ? first.meta?.import : undefined;
    if (isPlain(origin) && origin.name === name) return first?.at;
  }
  return undefined;
}

/** The latest time that no clock takes for the future. */
async function justNow(session: Session, { connected }: OpenStore): Promise<Date> {
  const offset = (await connected.storage.clockOffset?.(session.call)) ?? 0;
  return new Date(Math.floor(session.now() + Math.min(offset, 0)) - 1);
}

async function rowsOf({ connected, target }: OpenStore, collection: string): Promise<Rows> {
  const { beneath } = connected;
  if (beneath === undefined) {
    throw new FailedError(
      "The config makes its storage itself, so only collections with a history can be read. Give the store a uri in the config, or use --uri.",
    );
  }
  const rows =
    "db" in beneath
      ? await mongoDocuments(beneath.db, collection)
      : await sqliteRows(beneath.path, collection);
  if (Array.isArray(rows)) {
    const names =
      rows.length === 0 ? "it has none" : `it has ${rows.map((name) => JSON.stringify(name)).join(", ")}`;
    throw new UsageError(
      `There is no collection ${JSON.stringify(collection)} in ${target.where}; ${names}.`,
    );
  }
  return rows;
}

async function historySource(
  session: Session,
  open: OpenStore,
  collection: string,
  name: string,
): Promise<ImportSource> {
  const { storage } = open.connected;
  const store = createStore<State, never>({ collection, storage });
  const source: OpenStore = { ...open, store, stored: () => storage.open(collection, session.call) };
  async function* revisions(): AsyncGenerator<Revision<object, unknown>> {
    for await (const id of listDocuments(session, source))
      for await (const { by, ...revision } of revisionsOf(session, source, id))
        yield { ...revision, by: by as string };
  }
  const title = `the collection ${collection} with its history`;
  return { name, title, revisions, leftOut: [], close: () => store.close() };
}
