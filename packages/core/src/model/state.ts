import { ReservedFieldError } from "../errors/reserved-field-error.ts";
import { ValueError } from "../errors/value-error.ts";
import { reconcile } from "../value/normalise.ts";
import { reconcileQuickly } from "../value/reconcile.ts";
import { seal } from "../value/seal.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { type DocumentId, idKey } from "./document-id.ts";

/** A checked, sealed state: a plain object without the library's own fields and without a top-level `_id`. */
export function normaliseState(state: unknown, id: DocumentId, types: ValueTypes): PlainObject {
  return reconcileState(undefined, state, id, types);
}

/** A checked, sealed state that shares with a sealed one before (undefined: there is none) all parts that are equal. */
export function reconcileState(
  before: PlainObject | undefined,
  state: unknown,
  id: DocumentId,
  types: ValueTypes,
): PlainObject {
  if (!isPlain(state)) {
    const reason = "a state is a plain object; put anything else into a field of one";
    throw new ValueError({ id, path: [], reason });
  }
  return withoutReserved(reconcile(before, state, types), id);
}

/** The state as `normaliseState` gives it, of a value that the quick walk takes; undefined of any other value. */
export function quickState(state: unknown, id: DocumentId, types: ValueTypes): PlainObject | undefined {
  const taken = reconcileQuickly(undefined, state, types);
  return isPlain(taken) ? withoutReserved(taken, id) : undefined;
}

function withoutReserved(state: PlainObject, id: DocumentId): PlainObject {
  if ("_everdraft" in state) throw new ReservedFieldError({ id, field: "_everdraft" });
  if (!Object.hasOwn(state, "_id")) return state;
  if (!isSameId(state._id, id)) throw new ReservedFieldError({ id, field: "_id" });
  const { _id: _, ...rest } = state;
  return seal(rest);
}

function isSameId(value: unknown, id: DocumentId): boolean {
  return (typeof value === "string" || typeof value === "number" || typeof value === "object") &&
    value !== null
    ? idKey(value) === idKey(id)
    : false;
}
