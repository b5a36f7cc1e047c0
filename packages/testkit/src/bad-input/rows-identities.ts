import { IdError, UserError } from "@everdraft/core";
import { expect } from "vitest";
import { type RefusedRow, rowsOf } from "./row.ts";
import { firstState, type Scene } from "./scene.ts";
import { secret } from "./secret.ts";

type Given = readonly [title: string, value: unknown];

/** Values that are no id of a document or a user on any storage. */
const noIds: readonly Given[] = [
  ["a query", { $ne: null }],
  ["an object", { text: secret }],
  ["an array", [secret]],
  ["a date", new Date(5)],
  ["null", null],
  ["a boolean", true],
  ["a function", () => secret],
  ["a symbol", Symbol(secret)],
  ["a fraction", 1.5],
  ["NaN", Number.NaN],
  ["a bigint", 1n],
  ["an empty text", ""],
  ["a text of 1,025 bytes", secret.padEnd(1_025, "x")],
  ["a text that is too long only in bytes", secret.padEnd(1_000, "é")],
  ["a text with NUL", `${secret}\0`],
  ["a text with half of a surrogate pair", `${secret}\ud83d`],
];

const details = { reason: expect.any(String) };

const ids = rowsOf(
  { error: IdError, code: "id" },
  [["a missing id", undefined] as const, ...noIds].map(([title, id]) => ({
    title: `${title} as a document's id`,
    provoke: ({ store }: Scene) => store.edit(id as never, "bob", (draft) => void draft.n++),
    details,
    remedy: /Ids are texts of 1 to 1024 bytes/,
  })),
);

const users = rowsOf(
  { error: UserError, code: "user" },
  [["nobody", undefined] as const, ...noIds].map(([title, user]) => ({
    title: `${title} as the user`,
    provoke: ({ store }: Scene) => store.edit("d", user as never, (draft) => void draft.n++),
    details,
    remedy: /Every write names who does it/,
  })),
);

const query = { $ne: null } as never;
const at = { version: 1 };

/** Every call that takes a document's id. */
const callsWithId: Readonly<Record<string, (scene: Scene) => unknown>> = {
  create: ({ store }) => store.create(query, "bob", firstState()),
  replace: ({ store }) => store.replace(query, "bob", firstState()),
  delete: ({ store }) => store.delete(query, "bob"),
  restore: ({ store }) => store.restore(query, "bob"),
  revert: ({ store }) => store.revert(query, "bob", at),
  planRevert: ({ store }) => store.planRevert(query, at),
  get: ({ store }) => store.get(query),
  getMany: ({ store }) => store.getMany(["d", query]),
  exists: ({ store }) => store.exists(query),
  read: ({ store }) => store.read(query),
  stateAt: ({ store }) => store.stateAt(query, at),
  history: ({ store }) => store.history(query).toArray(),
  activity: ({ store }) => store.activity({ bucket: "day", id: query }),
  diff: ({ store }) => store.diff(query, at, at),
  undo: ({ store }) => store.undo(query, "bob", { version: 2 }),
  redo: ({ store }) => store.redo(query, "bob"),
  planUndo: ({ store }) => store.planUndo(query, { version: 2 }),
  blame: ({ store }) => store.blame(query),
  import: ({ store }) => store.import([{ id: query, at: new Date(5), by: "bob", state: firstState() }]),
  resolve: ({ store }) => store.resolve(query, { eventId: "e", version: 1 }),
  verify: ({ store }) => store.verify(query),
  repair: ({ store }) => store.repair(query),
};

/** Every call that takes a user. */
const callsWithUser: Readonly<Record<string, (scene: Scene) => unknown>> = {
  create: ({ store }) => store.create("new", query, firstState()),
  replace: ({ store }) => store.replace("d", query, firstState()),
  delete: ({ store }) => store.delete("d", query),
  restore: ({ store }) => store.restore("gone", query),
  revert: ({ store }) => store.revert("d", query, at),
  history: ({ store }) => store.history("d", { by: query }).toArray(),
  changes: ({ store }) => store.changes({ by: query }).toArray(),
  activity: ({ store }) => store.activity({ bucket: "day", by: query }),
  import: ({ store }) => store.import([{ id: "new", at: new Date(5), by: query, state: firstState() }]),
  resolve: ({ store }) => store.resolve("d", { eventId: "e", version: 9 }, { settle: query }),
};

const everyCall = [
  ...Object.entries(callsWithId).map(([call, provoke]): RefusedRow => {
    const title = `a query as the id, in ${call}`;
    return {
      error: IdError,
      code: "id",
      title,
      provoke,
      details,
      remedy: /Ids are texts of 1 to 1024 bytes/,
    };
  }),
  ...Object.entries(callsWithUser).map(([call, provoke]): RefusedRow => {
    const title = `a query as the user, in ${call}`;
    return { error: UserError, code: "user", title, provoke, details, remedy: /Every write names who/ };
  }),
];

/** Ids of documents and of users. */
export const identityRows: readonly RefusedRow[] = [...ids, ...users, ...everyCall];
