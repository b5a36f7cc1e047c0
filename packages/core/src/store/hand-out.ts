import type { DocumentId } from "../model/document-id.ts";
import { lend, seal } from "../model/seal.ts";
import type { PlainObject } from "../model/value.ts";
import type { Resources } from "./resources.ts";

/**
 * A stored state as it is given to a caller: in the store's schema version, deep-frozen, with leaves of its
 * own.
 */
export function handOut(
  resources: Resources,
  id: DocumentId,
  state: PlainObject,
  schema: number,
): PlainObject {
  return lend(resources.schema.migrate(seal(state), schema, id), resources.types);
}
