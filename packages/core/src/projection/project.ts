import { ProjectionError } from "../errors/projection-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { normalise } from "../value/normalise.ts";
import { seal } from "../value/seal.ts";
import { hasOwn, isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { AnyEventProjection, AnyProjection, RowContext, StateProjection } from "./define-projection.ts";
import type { DocumentEvent } from "./document-event.ts";

/** Fields of a row that are the library's. */
const reserved = ["_id", "_everdraft"];

/** The rows of a living document. Throws ProjectionError. */
export function rowsOfState(
  projection: StateProjection<never, object, never>,
  state: PlainObject,
  context: RowContext<DocumentId>,
  types: ValueTypes,
): readonly PlainObject[] {
  const place = { projection, id: context.id, version: context.version };
  const given = run(place, () => projection.rows(state as never, context as RowContext<never>));
  const list: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return seal(list.map((row) => checkRow(place, row, types)));
}

/** The row after one more event. Throws ProjectionError. */
export function foldRow(
  projection: AnyEventProjection,
  row: PlainObject | undefined,
  event: DocumentEvent<DocumentId>,
  types: ValueTypes,
): PlainObject | undefined {
  const place = { projection, id: event.id, version: event.version };
  const given = run(place, () => projection.fold(row as never, event as DocumentEvent<never>));
  return given === undefined ? undefined : checkRow(place, given, types);
}

/** The input that a projection was run on. */
interface Place {
  readonly projection: AnyProjection;
  readonly id: DocumentId;
  readonly version: number;
}

function run(place: Place, project: () => unknown): unknown {
  let given: unknown;
  try {
    given = project();
  } catch (cause) {
    throw failed(place, "it threw", cause);
  }
  if (typeof given === "object" && given !== null && "then" in given && typeof given.then === "function") {
    // whatever it ends with is nobody's
    Promise.resolve(given).catch(() => undefined);
    throw failed(place, "it returned a promise; projections are synchronous");
  }
  return given;
}

function checkRow(place: Place, row: unknown, types: ValueTypes): PlainObject {
  if (!isPlain(row)) throw failed(place, "a row is a plain object");
  const taken = reserved.find((field) => hasOwn(row, field));
  if (taken !== undefined) throw failed(place, `a row has no field ${taken} of its own`);
  try {
    return normalise(row, types);
  } catch (cause) {
    throw failed(place, "a row holds a value that cannot be stored", cause);
  }
}

/** Says that a projection cannot be trusted with a document. */
function failed(
  { projection: { name }, id, version }: Place,
  reason: string,
  cause?: unknown,
): ProjectionError {
  return new ProjectionError({ projection: name, id, version, reason }, { cause });
}
