import {
  ConstraintError,
  CorruptEventError,
  DriftError,
  NotAdoptedError,
  ViewAheadError,
} from "@everdraft/core";
import type { StoredEvent, View } from "@everdraft/core/adapter";
import { expect } from "vitest";
import { portCall } from "../store-sections/store-bench.ts";
import { type RefusedRow, rowsOf } from "./row.ts";
import type { Scene } from "./scene.ts";
import { firstState } from "./scene.ts";
import { secret } from "./secret.ts";

/** Writes to a view behind the library's back. */
async function writeRaw({ bench }: Scene, id: string, change: (view: View) => Partial<View>): Promise<void> {
  const { views } = bench.port;
  const [view] = await views.get([id === "new" ? "d" : id], portCall);
  if (view === undefined) throw new Error("there is no view to write to");
  await views.write({ ...view, id, ...change(view) }, "any", portCall);
}

/** `repair` rewrites the view from the log, and a cold store goes on. */
async function repaired(scene: Scene): Promise<Scene["store"]> {
  const store = scene.cold();
  expect(await store.repair("d")).toMatchObject({ version: 2, state: { ...firstState(), n: 2 } });
  return store;
}

const editCold = (scene: Scene): Promise<unknown> => scene.cold().edit("d", "bob", (draft) => void draft.n++);
const readCold = (scene: Scene): Promise<unknown> => scene.cold().read("d");

const raw: readonly (readonly [string, (view: View) => Partial<View>])[] = [
  ["whose state was changed", ({ state }) => ({ state: { ...state, n: 99, name: secret } })],
  ["whose state was emptied", () => ({ state: {} })],
  ["whose digest was changed", () => ({ digest: "x".repeat(43) })],
  ["that says to be of another event", () => ({ hash: "x".repeat(43) })],
];

const drift = rowsOf(
  { error: DriftError, code: "drift" },
  raw.flatMap(([what, change]) =>
    [["edit", editCold] as const, ["read", readCold] as const].map(([call, provoke]) => ({
      title: `a view ${what} behind the library's back, found by ${call}`,
      prepare: (scene: Scene) => writeRaw(scene, "d", change),
      provoke,
      goOn: repaired,
      details: { id: "d", version: 2 },
      remedy: /verify says which; repair rewrites the view/,
    })),
  ),
);

const ahead = rowsOf(
  { error: ViewAheadError, code: "view_ahead" },
  [["edit", editCold] as const, ["read", readCold] as const].map(([call, provoke]) => ({
    title: `a view above its log, found by ${call}`,
    prepare: (scene: Scene) => writeRaw(scene, "d", () => ({ version: 9 })),
    provoke,
    goOn: repaired,
    details: { id: "d", view: 9, head: 2 },
    remedy: /let repair rewrite the view/,
  })),
);

const orphan = (scene: Scene): Promise<void> =>
  writeRaw(scene, "new", () => ({ version: 0, digest: "", hash: "", eventId: "" }));
const notAdopted = rowsOf({ error: NotAdoptedError, code: "not_adopted" }, [
  {
    title: "create of a document that the collection holds without any history",
    prepare: orphan,
    provoke: (scene) => scene.cold().create("new", "bob", firstState()),
    details: { id: "new" },
    remedy: /Use another id, take the raw document away, or import it/,
  },
  {
    title: "repair of a document that the collection holds without any history",
    prepare: orphan,
    provoke: (scene) => scene.cold().repair("new"),
    details: { id: "new" },
    remedy: /Use another id/,
  },
]);

/** A cold store to which the events of "d" look as if somebody had changed them. */
function overEvents(scene: Scene, change: (event: StoredEvent) => Partial<StoredEvent>): Scene["store"] {
  return scene.over(({ log }) => ({
    log: {
      read: async (...given) => (await log.read(...given)).map((event) => ({ ...event, ...change(event) })),
    },
  }));
}

const first = (change: Partial<StoredEvent>) => (event: StoredEvent) => (event.version === 1 ? change : {});
const tampered: readonly (readonly [string, (event: StoredEvent) => Partial<StoredEvent>])[] = [
  ["another user", first({ by: "mallory" })],
  ["another time", first({ at: 1 })],
  ["another reason", first({ reason: secret })],
  ["other patches", first({ patches: [{ op: "replace", path: [], value: { name: secret } }] })],
  ["no patches", first({ patches: secret as never })],
  ["another document", first({ doc: "other" })],
  ["another version", first({ version: 7 })],
  ["a format that is none", first({ format: 0 })],
];

const corrupt = rowsOf(
  { error: CorruptEventError, code: "corrupt_event" },
  tampered.map(([what, change]) => ({
    title: `a stored event with ${what}`,
    provoke: (scene: Scene) => overEvents(scene, change).stateAt("d", { version: 1 }),
    details: { id: "d", version: 1, reason: expect.any(String) },
    remedy: /Run verify to see how far the history is whole/,
  })),
);

const constraint = rowsOf({ error: ConstraintError, code: "constraint" }, [
  {
    title: "a view that the collection refuses together with its event",
    provoke: (scene) => {
      const error = new ConstraintError({
        operation: "write the view",
        id: "d",
        reason: "the collection refuses it",
        remedy: "Look at its indexes.",
      });
      const commit = async () => [{ event: "refused", error } as const];
      return scene.over(() => ({ log: { commit } })).edit("d", "bob", (draft) => void draft.n++);
    },
    details: { id: "d" },
    remedy: /Look at its indexes/,
  },
]);

/** Views and events that somebody changed. */
export const viewRows: readonly RefusedRow[] = [...drift, ...ahead, ...notAdopted, ...corrupt, ...constraint];
