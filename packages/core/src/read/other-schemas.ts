import { migrateForCaller } from "../context/hand-out.ts";
import type { Resources } from "../context/resources.ts";
import { nothing } from "../fold/folded.ts";
import type { View } from "../port/view.ts";
import type { SchemaRange } from "../port/view-store.ts";

/** The treatment of documents of a newer schema than the store's: they are skipped, or the call is refused. */
export type OnNewer = "skip" | "refuse";

/** The view in the store's schema version, or nothing where it is newer. Throws as `migrateForCaller` does. */
export type InSchema = (view: View) => View | undefined;

/** Views that are older than the store's schema. */
export function olderThan(version: number): SchemaRange {
  return { from: 1, to: version - 1 };
}

/** Views that are newer than the store's schema. */
export function newerThan(version: number): SchemaRange {
  return { from: version + 1 };
}

/** Brings views to the store's schema version for one find or count, and tells once of older and once of newer ones. */
export function inSchemaOf(resources: Resources, onNewer: OnNewer = "skip"): InSchema {
  const { schema, notice } = resources;
  const known = schema.version;
  let [toldOlder, toldNewer] = [false, false];
  return (view) => {
    const { id, schema: found } = view;
    // one without a history has no schema version of its own, and is taken for one of the store's
    if (found === known || found === nothing.schema) return view;
    if (found > known && onNewer === "skip") {
      if (!toldNewer) notice({ type: "newer-schema", id, found, known });
      toldNewer = true;
      return undefined;
    }
    const state = view.state && migrateForCaller(resources, id, view.state, found);
    if (!toldOlder) notice({ type: "older-schema", id, found, known });
    toldOlder = true;
    return { ...view, state, schema: known };
  };
}
