import {
  ImportConflictError,
  type Imported,
  ImportFutureError,
  ImportOrderError,
  OptionsError,
} from "@everdraft/core";
import { expect } from "vitest";
import { type RefusedRow, rowsOf } from "./row.ts";
import { type Doc, firstState, type Scene } from "./scene.ts";
import { secret } from "./secret.ts";

interface Given {
  readonly id?: string;
  readonly at?: unknown;
  readonly state?: Doc | null;
}

/** Imports revisions at these times. */
function importing({ store }: Scene, ...given: readonly Given[]): Promise<Imported> {
  return store.import(
    given.map(({ id = "new", at = new Date(5), state = firstState() }) => ({
      id,
      at: at as Date,
      by: "bob",
      state,
    })),
  );
}

// an import stores the revisions that it read before it failed, so the good revision is that of a document of its own
const before = { id: "imported before", at: new Date(9) };

const order = rowsOf({ error: ImportOrderError, code: "import_order" }, [
  {
    title: "an import of revisions out of order",
    provoke: async (scene) => {
      const revisions = [before, { ...before, at: new Date(8), state: { text: secret } }, { id: "new" }];
      return importing(scene, ...revisions);
    },
    details: { id: before.id, revision: 2 },
    remedy: /Give the revisions of a document in the order of their times/,
  },
  ...[new Date(Number.NaN), {}, null, 5, "2026-01-01"].map((at) => ({
    title: `an import of a revision whose time is ${at instanceof Date ? "an invalid date" : JSON.stringify(at)}`,
    provoke: (scene: Scene) => importing(scene, { at }),
    details: { id: "new", revision: 1 },
    remedy: /is not a valid Date/,
  })),
]);

const future = rowsOf({ error: ImportFutureError, code: "import_future" }, [
  {
    title: "an import from the future",
    provoke: (scene) => importing(scene, { at: new Date(scene.bench.clock.now + 1) }),
    details: { id: "new", revision: 1 },
    remedy: /Check its time, and this machine's clock/,
  },
]);

/** An import skips such documents and reports them; the row checks the report. */
const conflicts = rowsOf(
  { error: ImportConflictError, code: "import_conflict" },
  [
    ["d", "an import onto an edited document", {}],
    ["gone", "an import onto a deleted document", {}],
    ["d", "an import of a deletion onto an edited document", { state: null }],
  ].map(([id, title, given]) => ({
    title: title as string,
    provoke: async (scene: Scene) => {
      const told = await importing(scene, { id: id as string, ...(given as Given) });
      expect(told).toMatchObject({ events: 0, unchanged: 0, skipped: 0, conflicts: [expect.any(Error)] });
      throw told.conflicts[0];
    },
    details: { id, version: 2 },
    remedy: /was passed by. Import it under another id/,
  })),
);

const options = rowsOf({ error: OptionsError, code: "options" }, [
  ...[null, undefined, 5, {}, { length: 1 }].map((revisions) => ({
    title: `an import of ${revisions === null ? "null" : JSON.stringify(revisions)}, which is no list`,
    provoke: ({ store }: Scene) => store.import(revisions as never),
    details: { option: "revisions" },
    remedy: /it is an iterable of revisions/,
    once: true as const,
  })),
  ...[null, undefined, secret].map((revision) => ({
    title: `an import of a revision that is ${revision === secret ? "a text" : revision}`,
    provoke: ({ store }: Scene) => store.import([revision as never]),
    details: { option: "revisions" },
    remedy: /each is an object/,
    once: true as const,
  })),
  ...[{ name: "" }, { name: 5 }].map((given) => ({
    title: `an import with the name ${JSON.stringify(given.name)}`,
    provoke: ({ store }: Scene) => store.import([], given as never),
    details: { option: "name" },
    remedy: /it is a text/,
    once: true as const,
  })),
  {
    title: "an import whose reason is no text",
    provoke: ({ store }) => {
      const reason = { text: secret } as never;
      return store.import([{ id: "new", at: new Date(5), by: "bob", state: firstState(), reason }]);
    },
    details: { option: "reason" },
    remedy: /it is a text/,
  },
  {
    title: "an import whose meta is a Map",
    provoke: ({ store }) => {
      const meta = new Map([[secret, 1]]);
      return store.import([{ id: "new", at: new Date(5), by: "bob", state: firstState(), meta }]);
    },
    details: { option: "meta" },
    remedy: /it is a plain object/,
  },
  {
    title: "an import whose meta has the library's own field",
    provoke: ({ store }) => {
      const meta = { import: secret };
      return store.import([{ id: "new", at: new Date(5), by: "bob", state: firstState(), meta }]);
    },
    details: { option: "meta" },
    remedy: /its field import is the library's own/,
  },
  ...["maybe", true, null].map((onRefused) => ({
    title: `an import with onRefused ${JSON.stringify(onRefused)}`,
    provoke: ({ store }: Scene) => store.import([], { onRefused } as never),
    details: { option: "onRefused" },
    remedy: /it is "stop" or "skip"/,
    once: true as const,
  })),
  {
    title: "an import whose onRefusal is no function",
    provoke: ({ store }) => store.import([], { onRefusal: secret as never }),
    details: { option: "onRefusal" },
    remedy: /it is a function/,
    once: true,
  },
  {
    title: "an import whose onProgress is no function",
    provoke: ({ store }) => store.import([], { onProgress: secret as never }),
    details: { option: "onProgress" },
    remedy: /it is a function/,
    once: true,
  },
]);

/** Revisions that an import does not take. */
export const importRows: readonly RefusedRow[] = [...order, ...future, ...conflicts, ...options];
