import { onDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import { ConstraintError } from "../errors/constraint-error.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { DriftError } from "../errors/drift-error.ts";
import { FormatTooNewError } from "../errors/format-too-new-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import { ViewAheadError } from "../errors/view-ahead-error.ts";
import { lowerOf, type Mark, markNow, markOf, rowsMark, viewsMark } from "../history/mark.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import { pace } from "../port/pace.ts";
import { forgetImported } from "./import-notes.ts";
import type { RowKeeper } from "./row-keeper.ts";
import { storedSince } from "./stored-since.ts";
import type { ViewKeeper } from "./view-keeper.ts";

/** The result of a sweep. */
export interface Swept {
  /** How many documents were looked at. */
  readonly checked: number;
  /** How many of their views were brought forward. */
  readonly broughtForward: number;
}

/** The parts that a sweep works with. */
interface Sweeping {
  readonly resources: Resources;
  readonly views: ViewKeeper;
  readonly rows: Pick<RowKeeper, "projections">;
}

/**
 * Brings forward the views of documents with events since the last sweep, and the rows of this store's projections since
 * the last sweep of a store that has them. A view that is behind for longer is found by reading or verifying its
 * document.
 */
export async function sweep({ resources, views, rows }: Sweeping, deadline: Deadline): Promise<Swept> {
  const { checkpoints } = await resources.opened(deadline);
  const now = await markNow(resources, deadline);
  const names = [viewsMark, ...rows.projections.map(({ name, version }) => rowsMark(name, version))];
  const since = await lowest(resources, names, deadline);
  let [checked, broughtForward] = [0, 0];
  for await (const doc of storedSince(resources, since, now, deadline)) {
    checked++;
    if (await bringForward(resources, views, doc, deadline)) broughtForward++;
    await pace.turn();
  }
  for (const name of names) await checkpoints.put(name, now, deadline.call());
  if (now.last === undefined) await forgetImported(resources, deadline);
  return { checked, broughtForward };
}

/** The lowest of these marks; undefined where nobody has looked yet. Rows without a mark of their own have that of the views. */
async function lowest(
  resources: Resources,
  names: readonly string[],
  deadline: Deadline,
): Promise<Mark | undefined> {
  const { checkpoints } = await resources.opened(deadline);
  const marks = await Promise.all(
    names.map(async (name) => markOf(await checkpoints.get(name, deadline.call()))),
  );
  const [first] = marks;
  return first && marks.reduce<Mark>((low, mark) => (mark === undefined ? low : lowerOf(low, mark)), first);
}

/** One document that is damaged, or refused, keeps no sweep from the others: it is told of, and is left to verify and repair. */
async function bringForward(
  resources: Resources,
  views: ViewKeeper,
  doc: DocumentId,
  deadline: Deadline,
): Promise<boolean> {
  try {
    return await views.bringForward(onDocument(resources, doc, deadline));
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    resources.notice({ type: "sweep-failed", cause });
    return false;
  }
}

function isDamage(error: unknown): boolean {
  const damages = [
    ...[ConstraintError, DriftError, ViewAheadError, CorruptEventError, FormatTooNewError],
    // rows need the state, which this store's schema may not read
    ...[SchemaTooNewError, MigrationError],
  ];
  return damages.some((damage) => error instanceof damage);
}
