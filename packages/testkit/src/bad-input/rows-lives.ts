import {
  AbsentError,
  ConflictError,
  DeletedError,
  ExistsError,
  KeyReusedError,
  MomentError,
  NoSuchPlaceError,
  NotFoundError,
  UndoConflictError,
  UndoRefusedError,
  VersionAheadError,
} from "@everdraft/core";
import { expect } from "vitest";
import { type RefusedRow, rowsOf } from "./row.ts";
import { firstState, type Scene } from "./scene.ts";
import { secret } from "./secret.ts";

type Calls = Readonly<Record<string, (scene: Scene) => unknown>>;

const changes = (id: string): Calls => ({
  edit: ({ store }) => store.edit(id, "bob", (draft) => void draft.n++),
  replace: ({ store }) => store.replace(id, "bob", firstState()),
  delete: ({ store }) => store.delete(id, "bob"),
});

function each(calls: Calls, title: (call: string) => string): { title: string; provoke: Calls[string] }[] {
  return Object.entries(calls).map(([call, provoke]) => ({ title: title(call), provoke }));
}

const at = { version: 1 };
const unknown: Calls = {
  ...changes("new"),
  restore: ({ store }) => store.restore("new", "bob"),
  revert: ({ store }) => store.revert("new", "bob", at),
  planRevert: ({ store }) => store.planRevert("new", at),
};

const living = [
  ...rowsOf(
    { error: NotFoundError, code: "not_found" },
    each(unknown, (call) => `${call} of a document that never was`).map((row) => ({
      ...row,
      details: { id: "new" },
      remedy: /create makes it/,
    })),
  ),
  ...rowsOf(
    { error: DeletedError, code: "deleted" },
    each(changes("gone"), (call) => `${call} of a deleted document`).map((row) => ({
      ...row,
      details: { id: "gone", version: 2 },
      remedy: /restore brings it back/,
    })),
  ),
  ...rowsOf({ error: ExistsError, code: "exists" }, [
    {
      title: "create of a document that lives",
      provoke: ({ store }) => store.create("d", "bob", firstState()),
      details: { id: "d", version: 2 },
      remedy: /Edit or replace it/,
    },
  ]),
  ...rowsOf({ error: AbsentError, code: "absent" }, [
    {
      title: "revert to a moment before the document was created",
      provoke: ({ store }) => store.revert("d", "bob", new Date(0)),
      details: { id: "d", version: 0 },
      remedy: /Name a moment at which it did/,
    },
    {
      title: "revert to a moment at which the document was deleted",
      provoke: ({ store }) => store.revert("gone", "bob", { version: 2 }),
      details: { id: "gone", version: 2 },
      remedy: /or use delete/,
    },
  ]),
  ...rowsOf({ error: NoSuchPlaceError, code: "no_such_place" }, [
    {
      title: "the history of a place that the document does not have",
      provoke: ({ store }) => store.history("d", { path: ["none", 0] }).toArray(),
      details: { id: "d", path: ["none", 0], version: 2, found: "document" },
      remedy: /has nothing there at version 2\. Name a moment at which the value is there, as at/,
    },
    {
      title: "the history of a place of a deleted document",
      provoke: ({ store }) => store.history("gone", { path: ["n"] }).toArray(),
      details: { id: "gone", path: ["n"], found: "nothing" },
      remedy: /did not live at version \d+\. Name a moment/,
    },
  ]),
];

const noMoments: readonly (readonly [title: string, moment: unknown])[] = [
  ["an invalid date", new Date(Number.NaN)],
  ["a text", "2026-01-01"],
  ["a number", 1_700_000_000_000],
  ["nothing", null],
  ["an empty object", {}],
  ["version -1", { version: -1 }],
  ["version 1.5", { version: 1.5 }],
  ["a version that is a text", { version: secret }],
];

const takeMoments = (moment: unknown): Calls => ({
  stateAt: ({ store }) => store.stateAt("d", moment as never),
  read: ({ store }) => store.read("d", moment as never),
  revert: ({ store }) => store.revert("d", "bob", moment as never),
  blame: ({ store }) => store.blame("d", moment as never),
  undo: ({ store }) => store.undo("d", "bob", moment as never),
  planUndo: ({ store }) => store.planUndo("d", moment as never),
  "history, from": ({ store }) => store.history("d", { from: moment as never }).toArray(),
  "history, to": ({ store }) => store.history("d", { to: moment as never }).toArray(),
  "history, at": ({ store }) => store.history("d", { path: ["n"], at: moment as never }).toArray(),
  "activity, to": ({ store }) => store.activity({ bucket: "day", to: moment as never }),
  "changes, from": ({ store }) => store.changes({ from: moment as never }).toArray(),
});

/** Those to which version 0 is a moment too: before the creation. */
const takeAnyMoments = (moment: unknown): Calls => ({
  "diff, from": ({ store }) => store.diff("d", moment as never, at),
  "diff, to": ({ store }) => store.diff("d", at, moment as never),
});

const moments = rowsOf(
  { error: MomentError, code: "moment" },
  [
    ...noMoments.flatMap(([title, moment]) =>
      each(
        { ...takeMoments(moment), ...takeAnyMoments(moment) },
        (call) => `${title} as a moment, in ${call}`,
      ),
    ),
    ...each(takeMoments({ version: 0 }), (call) => `version 0 as a moment, in ${call}`),
    {
      title: "a version for changes of all documents",
      provoke: ({ store }: Scene) => store.changes({ to: at as never }).toArray(),
    },
    ...[...noMoments, ["a version", at] as const].map(([title, moment]) => ({
      title: `${title} as the date of asOf`,
      provoke: ({ store }: Scene) => store.asOf(moment as never),
    })),
  ].map((row) => ({
    ...row,
    details: { reason: expect.any(String) },
    remedy: /Give a valid Date|asked for by date/,
  })),
);

const ahead: Calls = {
  stateAt: ({ store }) => store.stateAt("d", { version: 3 }),
  read: ({ store }) => store.read("d", { version: 3 }),
  revert: ({ store }) => store.revert("d", "bob", { version: 3 }),
  diff: ({ store }) => store.diff("d", at, { version: 3 }),
  blame: ({ store }) => store.blame("d", { version: 3 }),
  history: ({ store }) => store.history("d", { path: ["n"], at: { version: 3 } }).toArray(),
  undo: ({ store }) => store.undo("d", "bob", { version: 3 }),
  redo: ({ store }) => store.redo("d", "bob", { version: 3 }),
};

const versionsAhead = rowsOf(
  { error: VersionAheadError, code: "version_ahead" },
  each(ahead, (call) => `a version above the head, in ${call}`).map((row) => ({
    ...row,
    details: { id: "d", version: 3, head: 2 },
    remedy: /(Ask for|Name) (a version|one) up to that/,
  })),
);

const stale = { details: { id: "d", found: 2, by: "bob", foundBy: "alice" }, remedy: /Read the newer state/ };
const conflicts = rowsOf({ error: ConflictError, code: "conflict" }, [
  {
    title: "an edit that expects an older version",
    provoke: ({ store }) => store.edit("d", "bob", (draft) => void draft.n++, { expectedVersion: 1 }),
    ...stale,
    details: { ...stale.details, expected: 1 },
  },
  {
    title: "an edit that expects an older version, and would change nothing",
    provoke: ({ store }) => store.edit("d", "bob", () => undefined, { expectedVersion: 1 }),
    ...stale,
  },
  {
    title: "an edit that expects a version that is not there yet",
    provoke: ({ store }) => store.edit("d", "bob", (draft) => void draft.n++, { expectedVersion: 3 }),
    ...stale,
  },
  {
    title: "create where no document is expected, of one that lives",
    provoke: ({ store }) => store.create("d", "bob", firstState(), { expectedVersion: 0 }),
    ...stale,
  },
  {
    title: "delete that expects an older version",
    provoke: ({ store }) => store.delete("d", "bob", { expectedVersion: 1 }),
    ...stale,
  },
]);

const key = "the key";
const keyed = { prepare: (scene: Scene) => scene.store.edit("d", "bob", (draft) => void draft.n++, { key }) };
const keys = rowsOf(
  { error: KeyReusedError, code: "key_reused" },
  each(
    {
      "another kind of write": ({ store }) => store.delete("d", "bob", { key }),
      "another user": ({ store }) => store.edit("d", "carol", (draft) => void draft.n++, { key }),
      "a write in another process": (scene) => scene.cold().restore("d", "bob", { key }),
    },
    (call) => `a key that was used before, for ${call}`,
  ).map((row) => ({
    ...row,
    ...keyed,
    details: { id: "d", version: 3, eventId: expect.any(String) },
    remedy: /Use a new key for each act/,
  })),
);

const undos = [
  ...rowsOf({ error: UndoConflictError, code: "undo_conflict" }, [
    {
      title: "an undo of an event whose field was set again since",
      prepare: ({ store }: Scene) => store.edit("d", "carol", (draft) => void draft.n++),
      provoke: ({ store }: Scene) => store.undo("d", "bob", { version: 2 }),
      details: { id: "d", undone: 2, places: [{ path: ["n"], version: 3 }] },
      remedy: /give onConflict: "keep" or "take", or paths/,
    },
  ]),
  ...rowsOf({ error: UndoRefusedError, code: "undo_refused" }, [
    {
      title: "an undo of a creation",
      provoke: ({ store }: Scene) => store.undo("d", "bob", { version: 1 }),
      details: {
        id: "d",
        version: 1,
        type: "created",
        reason: expect.any(String),
        remedy: expect.any(String),
      },
      remedy: /Use delete/,
    },
    {
      title: "a redo of an event that is no undo",
      provoke: ({ store }: Scene) => store.redo("d", "bob", { version: 2 }),
      details: {
        id: "d",
        version: 2,
        type: "edited",
        reason: expect.any(String),
        remedy: expect.any(String),
      },
      remedy: /Use undo/,
    },
  ]),
];

/** Documents that a call cannot use, moments, versions, keys. */
export const lifeRows: readonly RefusedRow[] = [
  ...living,
  ...moments,
  ...versionsAhead,
  ...conflicts,
  ...undos,
  ...keys,
];
