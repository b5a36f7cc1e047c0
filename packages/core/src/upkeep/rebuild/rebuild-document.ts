import type { OnDocument } from "../../context/on-document.ts";
import { ConstraintError } from "../../errors/constraint-error.ts";
import { CorruptEventError } from "../../errors/corrupt-event-error.ts";
import { DriftError } from "../../errors/drift-error.ts";
import { ErasedError } from "../../errors/erased-error.ts";
import { EverdraftError } from "../../errors/everdraft-error.ts";
import { FormatTooNewError } from "../../errors/format-too-new-error.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { ProjectionError } from "../../errors/projection-error.ts";
import { SchemaTooNewError } from "../../errors/schema-too-new-error.ts";
import { ViewAheadError } from "../../errors/view-ahead-error.ts";
import { type Folded, nothing } from "../../fold/folded.ts";
import { foldInPieces } from "../../history/in-pieces.ts";
import { replay } from "../../history/replay.ts";
import { pace } from "../../port/pace.ts";

/** The end of work on one document: its result, or the fault of this document that ended it. */
export type Tried<R> =
  | { readonly kind: "done"; readonly result: R }
  | { readonly kind: "damaged"; readonly error: EverdraftError };

/** The result of rebuilding one document. */
export type Rebuilt = Tried<"written" | "same">;

export const written: Rebuilt = { kind: "done", result: "written" };

/** Histories up to this many events are folded from one read. */
const shortHistory = 256;

/** A document as its log gives it, whatever its view says. */
export async function foldDocument(on: OnDocument): Promise<Folded> {
  const { doc, resources } = on;
  const page = await on.page({ from: 1, to: Number.MAX_SAFE_INTEGER, limit: shortHistory });
  await pace.turn();
  if (page.length < shortHistory && !page.isCut) return foldInPieces(nothing, page, doc, resources.types);
  const head = await on.head(page.length);
  return (await replay(on, { version: head?.version ?? page.length })).folded;
}

const ofOneDocument: readonly (new (...given: never[]) => EverdraftError)[] = [
  ...[ConstraintError, CorruptEventError, DriftError, ErasedError, FormatTooNewError, MigrationError],
  ...[ProjectionError, SchemaTooNewError, ViewAheadError],
];

/** A fault of one document keeps nothing from the others. `more`: further errors that are about one document. */
export async function orDamage<R>(
  work: () => Promise<R>,
  more: readonly (typeof ofOneDocument)[number][] = [],
): Promise<Tried<R>> {
  try {
    return { kind: "done", result: await work() };
  } catch (error) {
    if (error instanceof EverdraftError && [...ofOneDocument, ...more].some((one) => error instanceof one))
      return { kind: "damaged", error };
    throw error;
  }
}
