import { ErasedError, FormatTooNewError, MigrationError, SchemaTooNewError } from "@everdraft/core";
import { eventFormat, recordOf, type StoredEvent } from "@everdraft/core/adapter";
import { snapshotFormat, snapshotOf } from "@everdraft/core/internals";
import { foldOf } from "../build/fold-of.ts";
import { plainTypes } from "../build/plain-types.ts";
import { portCall } from "../store-sections/store-bench.ts";
import { type BadInputRow, type OwnErrorRow, rowsOf } from "./row.ts";
import type { Doc, Scene } from "./scene.ts";
import { secret } from "./secret.ts";

type Calls = Readonly<Record<string, (store: Scene["store"]) => unknown>>;

const newer = <E extends StoredEvent | undefined>(event: E): E =>
  event && { ...event, format: eventFormat + 1 };

/** A cold store to which all events look as if a newer version of the library had written them. */
function overNewerEvents(scene: Scene): Scene["store"] {
  return scene.over(({ log }) => ({
    log: {
      read: async (...given) => (await log.read(...given)).map(newer),
      head: async (...given) => newer(await log.head(...given)),
      byId: async (...given) => newer(await log.byId(...given)),
      changes: async (...given) => (await log.changes(...given)).map(newer),
    },
  }));
}

const readEvents: Calls = {
  edit: (store) => store.edit("d", "bob", (draft) => void draft.n++),
  create: (store) => store.create("gone", "bob", { n: 1 }),
  restore: (store) => store.restore("gone", "bob"),
  revert: (store) => store.revert("d", "bob", { version: 1 }),
  read: (store) => store.read("d"),
  stateAt: (store) => store.stateAt("d", { version: 1 }),
  history: (store) => store.history("d").toArray(),
  changes: (store) => store.changes().toArray(),
  verify: (store) => store.verify("d"),
  repair: (store) => store.repair("d"),
};

const events = rowsOf(
  { error: FormatTooNewError, code: "format_too_new" },
  Object.entries(readEvents).map(([call, provoke]) => ({
    title: `an event of a newer format, met by ${call}`,
    provoke: (scene: Scene) => provoke(overNewerEvents(scene)),
    details: { what: "event", found: eventFormat + 1, known: eventFormat },
    remedy: /Update the library/,
  })),
);

/** A cold store to which the payload of each event looks erased. */
function overErasedEvents(scene: Scene): Scene["store"] {
  const erased = (event: StoredEvent): StoredEvent => {
    const header = recordOf(event, plainTypes);
    const digest = Buffer.from(header.subarray(digestAt, digestAt + 32)).toString("base64url");
    return { ...event, patches: [], salt: "", payload: { kind: "erased", digest } };
  };
  return scene.over(({ log }) => ({
    log: { read: async (...given) => (await log.read(...given)).map(erased) },
  }));
}

/** The place of the payload's digest in a record, by docs/format.md. */
const digestAt = 28;

const erasures = rowsOf({ error: ErasedError, code: "erased" }, [
  ...(["stateAt", "revert", "repair"] as const).map((call) => ({
    title: `an event whose payload was erased, met by ${call}`,
    provoke: (scene: Scene) => readEvents[call]?.(overErasedEvents(scene)),
    details: { id: "d", version: 1 },
    remedy: /Ask for a version before it, or for one behind a later snapshot/,
  })),
]);

const snapshots = rowsOf({ error: FormatTooNewError, code: "format_too_new" }, [
  {
    title: "a snapshot of a newer format",
    prepare: async ({ bench }) => {
      const { log, snapshots } = bench.port;
      const folded = foldOf(await log.read("d", { from: 1, to: 1, limit: 1 }, portCall));
      const snapshot = { ...snapshotOf(folded, "d", plainTypes), format: snapshotFormat + 1 };
      await snapshots.put(snapshot, portCall);
    },
    provoke: (scene) => scene.cold().stateAt("d", { version: 1 }),
    details: { id: "d", what: "snapshot", found: snapshotFormat + 1, known: snapshotFormat },
    remedy: /Update the library/,
    // going on is that newer version's: here its snapshot is taken away, which changes no answer
    goOn: async ({ bench, store }) => {
      await bench.port.snapshots.drop("d", "all", portCall);
      return store;
    },
  },
]);

const second = { schemaVersion: 2, migrations: { 1: (state: Doc) => ({ ...state, second: true }) } };
const ofSecond = (scene: Scene): Scene["store"] => scene.cold(second);

const handOut: Calls = {
  get: (store) => store.get("d"),
  getMany: (store) => store.getMany(["gone", "d"]),
  read: (store) => store.read("d"),
  stateAt: (store) => store.stateAt("d", { version: 3 }),
  diff: (store) => store.diff("d", { version: 1 }, { version: 3 }),
  blame: (store) => store.blame("d"),
  find: (store) => store.find({}, { onNewer: "refuse" }).toArray(),
  edit: (store) => store.edit("d", "bob", (draft) => void draft.n++),
  replace: (store) => store.replace("d", "bob", { n: 1 }),
};

const schemas = rowsOf(
  { error: SchemaTooNewError, code: "schema_too_new" },
  Object.entries(handOut).map(([call, provoke]) => ({
    title: `a state of a newer schema, met by ${call}`,
    prepare: (scene: Scene) => ofSecond(scene).edit("d", "bob", (draft) => void draft.n++),
    provoke: ({ store }: Scene) => provoke(store),
    goOn: async (scene: Scene) => ofSecond(scene),
    details: { id: "d", found: 2, known: 1 },
    remedy: /Deploy the newer migrations/,
  })),
);

const thrown = new RangeError(secret);
const failing = (scene: Scene): Scene["store"] =>
  scene.cold({
    schemaVersion: 2,
    migrations: {
      1: () => {
        throw thrown;
      },
    },
  });

const { get, getMany, read, find, edit, replace } = handOut;
const throwing = Object.entries({ get, getMany, read, find, edit, replace }).map(
  ([call, provoke]): OwnErrorRow => ({
    title: `a migration that throws, run by ${call}`,
    provoke: (scene) => provoke?.(failing(scene)),
    own: thrown,
  }),
);

const migrations = rowsOf({ error: MigrationError, code: "migration" }, [
  ...[undefined, secret, [secret], Promise.resolve({ text: secret })].map((state) => ({
    title: `a migration that gives ${Array.isArray(state) ? "a list" : state instanceof Promise ? "a promise" : typeof state}`,
    provoke: (scene: Scene) =>
      scene.cold({ schemaVersion: 2, migrations: { 1: () => state as never } }).get("d"),
    details: { id: "d", from: 1 },
    remedy: /the migration gave no state that can be stored\. The cause says why/,
  })),
]);

/** Data of newer versions of the library or of the program, and migrations that fail. */
export const formatRows: readonly BadInputRow[] = [
  ...events,
  ...erasures,
  ...snapshots,
  ...schemas,
  ...throwing,
  ...migrations,
];
