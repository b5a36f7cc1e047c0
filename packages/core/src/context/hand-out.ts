import { nothing } from "../fold/folded.ts";
import { thrownByMigration } from "../fold/migrate.ts";
import type { DocumentId } from "../model/document-id.ts";
import { freezeUnchanging, lend, seal } from "../value/seal.ts";
import type { PlainObject } from "../value/value.ts";
import type { Resources } from "./resources.ts";

/**
 * A stored state as it is given to a caller: in the store's schema version, deep-frozen, with leaves of its
 * own. Throws as `migrateForCaller` does.
 */
export function handOut(
  resources: Resources,
  id: DocumentId,
  state: PlainObject,
  schema: number,
): PlainObject {
  const isCurrent = schema === resources.schema.version || schema === nothing.schema;
  if (isCurrent && freezeUnchanging(state)) return state;
  return lend(migrateForCaller(resources, id, state, schema), resources.types);
}

/**
 * The same for work over many documents, whose errors have to name theirs. Throws MigrationError, SchemaTooNewError.
 */
export function handOutOfMany(
  resources: Resources,
  id: DocumentId,
  state: PlainObject,
  schema: number,
): PlainObject {
  return lend(migrate(resources, id, state, schema), resources.types);
}

/**
 * A state in the store's schema version. An error of the caller's migration is thrown as it is, and a notice names the
 * document. Throws MigrationError for a result that is no state, SchemaTooNewError.
 */
export function migrateForCaller(
  resources: Resources,
  id: DocumentId,
  state: PlainObject,
  schema: number,
): PlainObject {
  try {
    return migrate(resources, id, state, schema);
  } catch (error) {
    const thrown = thrownByMigration(error);
    if (thrown === undefined) throw error;
    resources.notice({ type: "migration-failed", id, cause: error });
    throw thrown.own;
  }
}

/** One without a history has no schema version of its own, and is taken for one of the store's. */
function migrate({ schema }: Resources, id: DocumentId, state: PlainObject, from: number): PlainObject {
  return schema.migrate(seal(state), from === nothing.schema ? schema.version : from, id);
}
