import { nothing } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import { lend, seal } from "../model/seal.ts";
import type { PlainObject } from "../model/value.ts";
import type { Resources } from "./resources.ts";

/**
 * A stored state as it is given to a caller: in the store's schema version, deep-frozen, with leaves of its
 * own. One without a history has no schema version of its own, and is taken for one of the store's. Throws
 * MigrationError, SchemaTooNewError.
 */
export function handOut(
  resources: Resources,
  id: DocumentId,
  state: PlainObject,
  schema: number,
): PlainObject {
  const from = schema === nothing.schema ? resources.schema.version : schema;
  return lend(resources.schema.migrate(seal(state), from, id), resources.types);
}
