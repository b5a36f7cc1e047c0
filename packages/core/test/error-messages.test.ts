// The messages of errors: each is made from its facts, and has one text for each situation.
import { describe, expect, test } from "vitest";
import * as core from "../src/index.ts";

const failure = {
  operation: "store events",
  where: 'in "shop.db"',
  reason: "the file is locked",
  remedy: "Try again.",
};
const failed = 'Could not store events in "shop.db": the file is locked. Try again.';
const [id, version] = ["o-1", 3];

const messages: readonly (readonly [core.EverdraftError, string])[] = [
  [
    new core.AbsentError({ id, version: 0 }),
    'Document "o-1" did not exist at that moment. Name a moment at which it did, or use delete.',
  ],
  [
    new core.AbsentError({ id, version }),
    'Document "o-1" did not exist at that moment (it was deleted, version 3). Name a moment at which it did, or use delete.',
  ],
  [
    new core.ClosedError({ what: "store", name: "orders" }),
    'The store of "orders" was closed. Make a new one.',
  ],
  [
    new core.ClosedError({ what: "storage", name: "memory storage" }),
    "The memory storage was closed. Make a new one.",
  ],
  [
    new core.ClosedError({ what: "storage", name: "MongoDB storage", remedy: "Open it again." }),
    "The MongoDB storage was closed. Open it again.",
  ],
  [
    new core.ConstraintError({ ...failure, id }),
    'Could not store events of document "o-1" in "shop.db": the file is locked. Try again.',
  ],
  [
    new core.CorruptEventError({ id, version, reason: "version 3 is missing" }),
    'The event of document "o-1", version 3, cannot be folded: version 3 is missing. Run verify to see how far the history is whole.',
  ],
  [
    new core.DriftError({ id, version, found: "taken" }),
    'The view of document "o-1", version 3, was taken away by another program. Its log is whole: repair rewrites the view from it.',
  ],
  [
    new core.DriftError({ id, version, found: "unreadable" }),
    'The view of document "o-1", version 3, holds bytes that are no state: somebody wrote to it directly, or the storage is damaged. repair rewrites it from the log.',
  ],
  [
    new core.FilterError({ path: "a", reason: "it goes 1 or -1", part: "sort" }),
    'This sort cannot be used: at "a", it goes 1 or -1. docs/filters.md lists what every storage answers alike.',
  ],
  [
    new core.NoSuchPlaceError({ id, path: ["lines", 3, "qty"], version, found: "document" }),
    'The history of lines[3].qty of document "o-1" cannot be followed back: the document has nothing there at version 3. Name a moment at which the value is there, as at.',
  ],
  [
    new core.NoSuchPlaceError({ id, path: ["status"], version, found: "nothing" }),
    'The history of status of document "o-1" cannot be followed back: the document did not live at version 3. Name a moment at which the value is there, as at.',
  ],
  [
    new core.FormatTooNewError({ id: undefined, what: "storage", where: '"shop.db"', found: 9, known: 1 }),
    'The storage "shop.db" has format 9, and this library reads up to 1. Update the library.',
  ],
  [
    new core.ImportConflictError({ id, version, kind: "others", newestIs: "old" }),
    'Document "o-1" has events that are not of this import, up to version 3: the newest is of the import "old". It was passed by. If this is the same import, give it that name; if it is another one: Import it under another id.',
  ],
  [
    new core.MomentError({ reason: "it is a version", expected: "date" }),
    "This is no date: it is a version. Give a valid Date.",
  ],
  [
    new core.OptionsError({ option: "path", reason: "it is empty", remedy: "Give a path." }),
    "The option path is wrong: it is empty. Give a path.",
  ],
  [
    new core.OptionsError({ option: "x y", reason: "none", call: "find", known: ["sort"], nearest: "sort" }),
    'find has no option "x y". Did you mean sort? It takes sort.',
  ],
  [
    new core.ProjectionError({ projection: "lines", id, version, reason: "an index", remedy: "Drop it." }),
    'The projection lines failed on document "o-1" at version 3: an index. Its rows stay as they were. Drop it.',
  ],
  [
    new core.RowsNotBuiltError({ projection: "lines", version: 1, active: 2 }),
    "The rows of projection lines, version 1, were dropped; version 2 is in use. Deploy the code that has it.",
  ],
  [new core.StorageBusyError(failure), failed],
  [
    new core.StorageReplacedError({ ...failure, inDoubt: true }),
    `${failed} The call's write may be lost with it.`,
  ],
  [
    new core.TimeoutError({ id: undefined, timeoutMs: 0.4 }),
    "The call took longer than 1 ms. Look why the storage is slow, or give it more timeoutMs.",
  ],
  [
    new core.TimeoutError({ id, timeoutMs: 50, operation: "read events" }),
    'Could not read events of document "o-1": it took longer than 50 ms. Look why the storage is slow, or give the call more timeoutMs.',
  ],
  [
    new core.TimeoutError({ id, timeoutMs: 50, stored: "nothing" }),
    'The call on document "o-1" took longer than 50 ms. Look why the storage is slow, or give it more timeoutMs. Nothing of it was stored, so it may be tried again.',
  ],
  [
    new core.TooLargeError({ what: "state", bytes: 9, limit: 8, id, form: "BSON" }),
    'The state of document "o-1" would take 9 bytes in BSON, more than the 8 that are allowed. Store large parts elsewhere, or in documents of their own.',
  ],
  [
    new core.ValueError({ path: ["a", 0], reason: "it is a Map", id, revision: 2 }),
    'Cannot store the value at a[0] of revision 2 of document "o-1": it is a Map.',
  ],
  [
    new core.ValueError({ path: [], reason: "it is a list", id, revision: 2 }),
    'Cannot store revision 2 of document "o-1": it is a list.',
  ],
  [
    new core.VersionAheadError({ id, version: 9, head: 3 }),
    'Document "o-1" has no version 9; its newest is 3. Name one up to that, or a date.',
  ],
  [
    new core.ViewAheadError({ id, view: 9, head: 0 }),
    'The view of document "o-1" has version 9, but the log ends at 0, as after a half-restored backup. Restore the log, or take the view away.',
  ],
];

describe("an error says", () => {
  test.each(messages.map(([error, message]) => [error.code, error, message] as const))(
    "%s from its facts",
    (_, error, message) => {
      expect(error.message).toBe(message);
    },
  );

  test("the failure of a driver in the same words, whatever class it is of", () => {
    const same = [
      new core.ClosedError({ ...failure, what: "storage" }),
      new core.ConstraintError({ ...failure, id: undefined }),
      new core.StorageCorruptError(failure),
      new core.StorageError(failure),
      new core.StorageFullError(failure),
      new core.StorageReadOnlyError(failure),
      new core.StorageReplacedError({ ...failure, inDoubt: false }),
      new core.TimeoutError({ ...failure, id: undefined, timeoutMs: 50 }),
      new core.TooLargeError({ ...failure, what: "state", bytes: Number.NaN, limit: 8 }),
      new core.ValueError({ ...failure, path: [] }),
    ];
    for (const error of same) expect(error.message, error.name).toBe(failed);
  });
});

test("an error keeps its facts and its cause, has the name of its class, and its stack begins with its message", () => {
  const cause = new Error("the driver's");
  const details = { id, version: 9, head: 3 };
  const error = new core.VersionAheadError(details, { cause });
  expect(error).toBeInstanceOf(core.EverdraftError);
  expect(error).toMatchObject({ name: "VersionAheadError", code: "version_ahead", cause });
  expect(error.details).toBe(details);
  expect(error.stack).toContain(error.message);
  expect(Object.hasOwn(new core.VersionAheadError(details), "cause")).toBe(false);
});
