import type { Act } from "../acts/act.ts";
import type { Resources } from "../context/resources.ts";
import type { DocumentId } from "../model/document-id.ts";
import { diffStates } from "../patch/diff.ts";

/**
 * A document brought up to the store's schema, and nothing else: one event, also where the migration changes nothing of
 * the state. `act` is the id that the events of all documents share. A document that another writer brought up, deleted,
 * or wrote in a newer schema is left alone. Throws MigrationError.
 */
export function migrating({ schema, types }: Resources, id: DocumentId, act: string): Act {
  return {
    kind: "migrate",
    readsLog: false,
    decide: ({ state, schema: found }) => {
      if (state === undefined || found >= schema.version) return undefined;
      const patches = diffStates(state, schema.migrate(state, found, id), types, "content");
      return {
        type: "edited",
        patches,
        schema: schema.version,
        act,
        reason: `schema ${found} → ${schema.version}`,
        ...(patches.length > 0 && { migrated: patches.length }),
      };
    },
  };
}
